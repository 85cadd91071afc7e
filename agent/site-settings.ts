/** The site that the agent is a member of, as the settings say. */

import type { SiteLogin } from './edges/site/etcd-login.ts';

export interface SiteSettings {
  /** Of etcd; none where the agent is a site by itself. */
  readonly endpoints: readonly URL[];
  /** What the site's records are kept under: several sites may share one etcd. */
  readonly name: string;
  /** A PEM file of whose certificates are taken; `null` for those that this computer trusts. */
  readonly authority: string | null;
  /** A PEM file of this member's certificate and key; `null` for none. */
  readonly certificate: string | null;
  readonly login: SiteLogin | null;
}
