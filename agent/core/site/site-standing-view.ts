/** How an agent stands with its site, as people see it. */

export interface SiteStandingView {
  /** It is a member, and heard: it may lend. */
  readonly isHeard: boolean;
  /** Why it is not, in a sentence; `null` where it is, or where it is not known yet. */
  readonly trouble: string | null;
}
