/** The site as people see it: its members, how seats are shared, and the register behind it. */

import type { LicenseId } from '../../../protocol/ids.ts';
import { plainText } from '../percent-text.ts';
import { decodeCard, markOn } from './member-card.ts';
import type { RegisterAnswer, RegisterEntry } from './register.ts';
import { decodeShares, type Share } from './share-record.ts';
import { BORROWED, DEAD_PREFIX, JOINED_PREFIX, type MemberId, POOL_PREFIX } from './site-keys.ts';
import type { SiteStandingView } from './site-standing-view.ts';

export interface SiteMemberView {
  readonly id: MemberId;
  readonly name: string;
  readonly version: string;
  readonly addresses: readonly string[];
  /** UDP. */
  readonly port: number;
  /**
   * `dead`: the others have not heard it; what it has lent is taken over, or ends. `forgotten`: so, and
   * people are not shown it any more.
   */
  readonly standing: 'member' | 'dead' | 'forgotten';
  readonly isThis: boolean;
  /** Seconds: the longest term that it lends for. */
  readonly longest: number;
}

export interface SiteBlockView {
  readonly license: LicenseId;
  readonly class: string;
  /** Of members by their ids, and of what is `borrowed`. */
  readonly shares: readonly Share[];
}

/** One of etcd's endpoints, as this agent reaches it. */
export interface EndpointView {
  readonly url: string;
  /** `serves`: it answers, and does not tell this agent whether it leads. */
  readonly standing: 'leader' | 'follower' | 'serves' | 'without a leader' | 'unreachable';
  readonly version: string | null;
  /** Which cluster of etcd it is of, and which member of it. */
  readonly cluster: string | null;
  readonly member: string | null;
  /** Changes that it has yet to take over, against the one that knows most. */
  readonly behind: number | null;
  /** Bytes of its store. */
  readonly size: number | null;
  /** What is wrong with it. */
  readonly trouble: string | null;
}

export interface SiteView {
  readonly name: string;
  /** How this agent stands with it; `null` where none runs that was asked. */
  readonly here: SiteStandingView | null;
  readonly members: readonly SiteMemberView[];
  readonly blocks: readonly SiteBlockView[];
  readonly register: readonly EndpointView[];
  /** Why nothing is known of members and blocks; `null` when it is. */
  readonly trouble: string | null;
}

/** The view of who is `me`, by all that the register has. */
export const viewSite = (
  name: string,
  me: MemberId,
  answer: RegisterAnswer,
  register: readonly EndpointView[],
): SiteView => {
  const none = { name, here: null, members: [], blocks: [], register };
  if (answer.kind !== 'transacted') return { ...none, trouble: answer.sentence };
  const { entries } = answer;
  const members = entries.flatMap((entry) => viewMember(entry, me));
  const blocks = entries.flatMap(viewBlock);
  return { ...none, members: members.sort(byName), blocks, trouble: null };
};

const byName = (one: SiteMemberView, other: SiteMemberView): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : one.id < other.id ? -1 : 1;

const viewMember = (
  { key, value, revision }: RegisterEntry,
  me: MemberId,
): readonly SiteMemberView[] => {
  const isDead = key.startsWith(DEAD_PREFIX);
  if (!isDead && !key.startsWith(JOINED_PREFIX)) return [];
  const id = key.slice((isDead ? DEAD_PREFIX : JOINED_PREFIX).length);
  const card = decodeCard(value);
  if (card === undefined) return [];
  const dead = markOn(value, revision).isForgotten ? 'forgotten' : 'dead';
  return [{ id, ...card, standing: isDead ? dead : 'member', isThis: id === me }];
};

const viewBlock = ({ key, value }: RegisterEntry): readonly SiteBlockView[] => {
  const [license, className] = key.slice(POOL_PREFIX.length).split('/');
  const shares = key.startsWith(POOL_PREFIX) ? decodeShares(value) : undefined;
  if (shares === undefined || license === undefined || className === undefined) return [];
  const named = shares.map((one) =>
    one.member === BORROWED ? { ...one, member: 'borrowed' } : one,
  );
  return [{ license: plainText(license) as LicenseId, class: plainText(className), shares: named }];
};
