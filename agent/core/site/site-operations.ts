/** What administrators ask of a site; it is the register that answers. */

import type { SitePlan } from './site-plan.ts';
import type { SiteView } from './site-view.ts';

export type SiteOperation =
  | { readonly kind: 'site-show' }
  /** What would happen if this box died now. */
  | { readonly kind: 'site-plan' };

export type SiteOutcomes =
  | { readonly kind: 'site-show'; readonly site: SiteView }
  | { readonly kind: 'site-plan'; readonly plan: SitePlan };

/** This agent is a site by itself, or its register does not answer. */
export type SiteRefused = 'no-site' | 'no-register';
