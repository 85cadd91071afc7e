/**
 * Users of licenses by name: each counts once, at how many members ever he works. A member lends to
 * whom the register says is seated there; who is not yet is written down first, where there is room.
 */

import { foldCase } from '../../../protocol/fold-case.ts';
import { after, type Instant, millis } from '../../../protocol/units.ts';
import type { RegisterEntry, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { decodeSeated, encodeSeated, SEATED_MAX, type Seated } from './seated-record.ts';
import type { Surroundings, Transacted } from './shares.ts';
import { deadKey, joinedKey, type MemberId, namedKey } from './site-keys.ts';

/** Who has left stays written down for so long, where there is room: he may come back. */
const IDLE = millis(10_000);

/** Somebody who is to have seats of a class of a product. */
export interface NamedWish {
  readonly product: string;
  readonly class: string;
  readonly user: string;
  readonly seats: number;
}

export interface NamedUsersParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
  /** Takes in what was answered; `true` where it is news. */
  readonly learn: (answer: Transacted, now: Instant) => boolean;
}

interface List {
  readonly key: string;
  revision: Revision;
  /** `undefined`: of a version that cannot be read here. */
  seated: ReadonlyMap<string, Seated> | undefined;
  isAsking: boolean;
  /** At a revision, those who may be struck here, or have been. */
  leaving: { readonly revision: Revision; readonly users: ReadonlySet<string> };
  /** When each was here last. */
  readonly seen: Map<string, Instant>;
}

/** What a product and class have, who has seats of them here, and who waits for some. */
export interface NamedNeed {
  readonly product: string;
  readonly class: string;
  readonly total: number;
  readonly users: ReadonlyMap<string, number>;
}

export class NamedUsers {
  readonly #parts: NamedUsersParts;
  readonly #lists = new Map<string, List>();

  constructor(parts: NamedUsersParts) {
    this.#parts = parts;
  }

  /** Whether a user may have so many seats here. */
  admits({ product, class: className, user, seats }: NamedWish): boolean {
    const { revision, seated, leaving } = this.#get(namedKey(product, className));
    const folded = foldCase(user);
    const one = seated?.get(folded);
    if (one === undefined || one.seats < seats || !one.members.includes(this.#parts.me))
      return false;
    return leaving.revision !== revision || !leaving.users.has(folded);
  }

  learn({ key, value, revision }: RegisterEntry): boolean {
    const list = this.#get(key);
    if (revision <= list.revision) return false;
    list.revision = revision;
    const seated = decodeSeated(value);
    list.seated = seated && new Map(seated.map((one) => [one.user, one]));
    return true;
  }

  /** The register is another one. */
  forgetAll(): void {
    this.#lists.clear();
  }

  /** Asks for users to be written down, or struck. */
  plan(
    needs: Iterable<NamedNeed>,
    surroundings: Surroundings,
    now: Instant,
    onAnswer: (isNews: boolean) => void,
  ): void {
    for (const need of needs) {
      const list = this.#get(namedKey(need.product, need.class));
      for (const user of need.users.keys()) list.seen.set(user, now);
      if (list.isAsking || list.seated === undefined) continue;
      const planned = this.#planned(list, list.seated, need, surroundings, now);
      if (planned !== undefined) this.#ask(list, planned, surroundings, onAnswer);
    }
  }

  /** As it should be; `undefined` where it is. */
  #planned(
    { seen, revision, leaving }: List,
    seated: ReadonlyMap<string, Seated>,
    { total, users }: NamedNeed,
    { gone }: Surroundings,
    now: Instant,
  ): readonly Seated[] | undefined {
    const { me } = this.#parts;
    const planned = new Map<string, Seated>();
    let isNew = leaving.revision === revision;
    for (const [user, one] of seated) {
      const members = one.members.filter((member) => !gone.has(member));
      isNew ||= members.length < one.members.length;
      if (members.length > 0) planned.set(user, { ...one, members });
    }
    let left = total - sumOf(planned);
    for (const [user, one] of planned) {
      const isIdle = !users.has(user) && (left <= 0 || now >= after(seen.get(user) ?? now, IDLE));
      seen.set(user, seen.get(user) ?? now);
      if (!isIdle || !one.members.includes(me)) continue;
      isNew = true;
      const members = one.members.filter((member) => member !== me);
      if (members.length > 0) planned.set(user, { ...one, members });
      else planned.delete(user);
    }
    left = total - sumOf(planned);
    for (const [user, seats] of users) {
      const one = planned.get(user) ?? { user, seats: 0, members: [] };
      const more = Math.max(0, seats - one.seats);
      const isHere = one.members.includes(me);
      if ((more === 0 && isHere) || more > left || planned.size >= SEATED_MAX) continue;
      left -= more;
      isNew = true;
      const members = isHere ? one.members : [...one.members, me];
      planned.set(user, { user, seats: one.seats + more, members });
    }
    for (const user of seen.keys()) if (!planned.has(user) && !users.has(user)) seen.delete(user);
    return isNew ? [...planned.values()] : undefined;
  }

  #ask(
    list: List,
    planned: readonly Seated[],
    { fence, gone }: Surroundings,
    onAnswer: (isNews: boolean) => void,
  ): void {
    const { me, calls, learn } = this.#parts;
    const { key, revision, seated = new Map<string, Seated>() } = list;
    const here = new Set(planned.filter((one) => one.members.includes(me)).map(({ user }) => user));
    const before = [...seated.values()];
    const struck = new Set(before.flatMap(({ members }) => members.filter((one) => gone.has(one))));
    const doubted = list.leaving.revision === revision ? [...list.leaving.users] : [];
    const users = before.map(({ user }) => user).filter((user) => !here.has(user));
    list.leaving = { revision, users: new Set([...doubted, ...users]) };
    list.isAsking = true;
    const ask = {
      compares: [
        { key, revision },
        { key: joinedKey(me), revision: fence },
        ...[...struck].map((member) => ({ key: deadKey(member), revision: gone.get(member) ?? 0 })),
      ],
      writes: [{ key, value: encodeSeated(planned) }],
      reads: [{ prefix: key, since: 0 }],
    };
    calls.ask(ask, (answer, { at }) => {
      list.isAsking = false;
      const isNews = answer.kind === 'transacted' && learn(answer, at.mono);
      onAnswer(isNews);
    });
  }

  #get(key: string): List {
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const leaving = { revision: -1, users: new Set<string>() };
    const seen = new Map<string, Instant>();
    const made = { key, revision: 0, seated: new Map(), isAsking: false, leaving, seen };
    this.#lists.set(key, made);
    return made;
  }
}

const sumOf = (all: ReadonlyMap<string, Seated>): number =>
  [...all.values()].reduce((sum, { seats }) => sum + seats, 0);
