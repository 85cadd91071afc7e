/**
 * What is written on the cards of the dead, for as long as they are: who tells administrators of a
 * death, so that one does and not all, and that they want to hear no more of it. Nothing else depends on
 * that: a member that comes back writes a card of its own in the place of the dead one.
 */

import type { Instant } from '../../../protocol/units.ts';
import { type Outcome, refuseOperation } from '../operations.ts';
import type { Situation } from '../situation.ts';
import { type DeathMark, markCard } from './member-card.ts';
import type { Membership } from './membership.ts';
import type { MeterShares } from './meter-shares.ts';
import type { RegisterAnswer, RegisterAsk, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { deadKey, joinedKey, type MemberId, toldKey } from './site-keys.ts';
import type {
  DeadView,
  OverView,
  SiteDeaths,
  SiteForget,
  Telling,
  ToldWhere,
} from './site-operations.ts';
import { MEMBER_READS } from './site-reads.ts';
import { encodeTold, markEnd } from './told-record.ts';
import type { Dead, Witness } from './witness.ts';

export interface DeadCardsParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
  readonly witness: Witness;
  readonly membership: Pick<Membership, 'fence' | 'heardUntil'>;
  readonly draws: Pick<MeterShares, 'partsOf'>;
}

type Refusal = Extract<Outcome, { kind: 'refused' }>;

type Change = Pick<RegisterAsk, 'compares' | 'writes'>;

/** What came of an operation that had to ask the register. */
export type OnDone = (outcome: Outcome, situation: Situation) => void;

export class DeadCards {
  readonly #parts: DeadCardsParts;

  constructor(parts: DeadCardsParts) {
    this.#parts = parts;
  }

  /** `undefined`: it is answered when the register has answered. */
  perform(operation: SiteForget | SiteDeaths, now: Instant, onDone: OnDone): Outcome | undefined {
    switch (operation.kind) {
      case 'site-dead':
        return { kind: 'site-dead', dead: this.#list(now), over: this.#listOver() };
      case 'site-tell':
        return this.#tell(operation, now, onDone);
      case 'site-forget':
        return this.#forget(operation.member, now, onDone);
    }
  }

  /** The dead that nobody has forgotten; `null` while this member does not hear of them. */
  #list(now: Instant): readonly DeadView[] | null {
    const { witness } = this.#parts;
    if (this.#fenceAt(now) === undefined) return null;
    return [...witness.dead()].flatMap(({ member, name, mark: { told, isForgotten } }) =>
      isForgotten ? [] : [{ id: member, name, told: this.#where(told) }],
    );
  }

  #listOver(): readonly OverView[] {
    const { witness } = this.#parts;
    return [...witness.over()].map(({ member, told: { name, ender } }) => ({
      id: member,
      name,
      end: this.#where(ender),
    }));
  }

  #where(teller: MemberId | null): ToldWhere {
    if (teller === null) return 'nowhere';
    return teller === this.#parts.me ? 'here' : 'elsewhere';
  }

  #tell({ member, what }: Telling, now: Instant, onDone: OnDone): Outcome | undefined {
    const done: Outcome = { kind: 'site-tell' };
    const fence = this.#fenceAt(now);
    const change = what === 'death' ? this.#toTell(member) : this.#toEnd(member);
    if (fence === undefined || change === undefined) return done;
    this.#change(change, fence, (_, situation) => onDone(done, situation));
    return undefined;
  }

  /** It is known for longer than the card is there: until its end was told. */
  #toTell(member: MemberId): Change | undefined {
    const { me } = this.#parts;
    const dead = this.#deadOf(member);
    if (dead === undefined || dead.mark.isForgotten || dead.mark.told !== null) return undefined;
    const { since } = dead.mark;
    const value = encodeTold({ since, name: dead.name, teller: me, ender: null });
    const { compares, writes } = markDead(dead, { told: me });
    return { compares, writes: [...writes, { key: toldKey(member), value }] };
  }

  /** What is over stays so: nothing but that nobody else tells it needs to be compared. */
  #toEnd(member: MemberId): Change | undefined {
    const { me, witness } = this.#parts;
    const over = [...witness.over()].find((one) => one.member === member);
    if (over === undefined || over.told.ender !== null) return undefined;
    const key = toldKey(member);
    return {
      compares: [{ key, revision: over.revision }],
      writes: [{ key, value: markEnd(over.value, me) }],
    };
  }

  /** What was read at the last beat may be untrue by now, and what somebody sees in a list is not. */
  #forget(who: string, now: Instant, onDone: OnDone): Outcome | undefined {
    if (this.#fenceAt(now) === undefined) return UNHEARD;
    this.#ask({ compares: [], writes: [] }, (answer, situation) => {
      const outcome =
        answer.kind === 'transacted'
          ? this.#forgetAsRead(who, situation.at.mono, onDone)
          : refuseSilent(`${answer.sentence} Nobody was forgotten`);
      if (outcome !== undefined) onDone(outcome, situation);
    });
    return undefined;
  }

  #forgetAsRead(who: string, now: Instant, onDone: OnDone): Outcome | undefined {
    const fence = this.#fenceAt(now);
    if (fence === undefined) return UNHEARD;
    const found = this.#find(who);
    if ('kind' in found) return found;
    if (found.mark.isForgotten) return this.#forgotten(found, false);
    this.#change(markDead(found, { isForgotten: true }), fence, (answer, situation) => {
      const outcome = this.#cameOf(answer, found, { who, now: situation.at.mono, onDone });
      if (outcome !== undefined) onDone(outcome, situation);
    });
    return undefined;
  }

  #cameOf(
    answer: RegisterAnswer,
    dead: Dead,
    { who, now, onDone }: { readonly who: string; readonly now: Instant; readonly onDone: OnDone },
  ): Outcome | undefined {
    if (answer.kind !== 'transacted')
      return refuseSilent(`${answer.sentence} Nobody knows whether ${dead.name} is forgotten`);
    if (answer.isDone) return this.#forgotten(dead, true);
    // Somebody was faster: it has come back, or something else was written on its card.
    const isAsItWas = this.#deadOf(dead.member)?.revision === dead.revision;
    return isAsItWas ? UNHEARD : this.#forgetAsRead(who, now, onDone);
  }

  #forgotten({ member, name }: Dead, isNew: boolean): Outcome {
    const allowances = [...this.#parts.draws.partsOf(member)];
    return { kind: 'site-forget', member: { id: member, name }, changed: isNew, allowances };
  }

  #change(
    { compares, writes }: Change,
    fence: Revision,
    onAnswer: (answer: RegisterAnswer, situation: Situation) => void,
  ): void {
    const own = { key: joinedKey(this.#parts.me), revision: fence };
    this.#ask({ compares: [...compares, own], writes }, onAnswer);
  }

  #ask(
    ask: Omit<RegisterAsk, 'reads'>,
    onAnswer: (answer: RegisterAnswer, situation: Situation) => void,
  ): void {
    const { calls, witness } = this.#parts;
    calls.ask({ ...ask, reads: MEMBER_READS }, (answer, situation) => {
      const now = situation.at.mono;
      if (answer.kind === 'transacted') witness.learn(answer.entries, answer.revision, now);
      onAnswer(answer, situation);
    });
  }

  /** Whom an administrator means by a name or an id, or why nobody of it can be forgotten. */
  #find(who: string): Dead | Refusal {
    const { me, witness } = this.#parts;
    const id = who.toLowerCase();
    const dead = [...witness.dead()];
    const meant = dead.find(({ member }) => member === id);
    if (meant !== undefined) return meant;
    const named = dead.filter(({ name }) => name === who);
    const shown = named.filter(({ mark }) => !mark.isForgotten);
    if (shown.length > 1) return refuseSeveral(who, shown);
    const [first] = shown;
    if (first !== undefined) return first;
    const living = [...witness.cards()];
    const [member, card] =
      living.find(([one]) => one === id) ?? living.find(([, { name }]) => name === who) ?? [];
    if (member !== undefined && card !== undefined) return refuseLiving(card.name, member === me);
    return named[0] ?? refuseUnknown(who);
  }

  #deadOf(member: MemberId): Dead | undefined {
    return [...this.#parts.witness.dead()].find((one) => one.member === member);
  }

  /** `undefined` while nothing can be written. */
  #fenceAt(now: Instant): Revision | undefined {
    const { fence, heardUntil } = this.#parts.membership;
    return now < heardUntil ? fence : undefined;
  }
}

const markDead = ({ member, card, revision, mark }: Dead, more: Partial<DeathMark>): Change => ({
  compares: [{ key: deadKey(member), revision }],
  writes: [{ key: deadKey(member), value: markCard(card, { ...mark, ...more }) }],
});

const UNHEARD = refuseOperation(
  'no-register',
  'This agent is not heard by its site, and can have nobody forgotten there: see `usher site status`.',
);

const refuseSilent = (sentence: string): Refusal =>
  refuseOperation('no-register', `${sentence}: see \`usher site status\`.`);

const refuseUnknown = (who: string): Refusal =>
  refuseOperation(
    'no-member',
    `No member is called ${who}, or has that as its id: see \`usher site status\`.`,
  );

const refuseSeveral = (who: string, dead: readonly Dead[]): Refusal =>
  refuseOperation(
    'several-members',
    `${dead.length} dead members are called ${who}: say which by its id, \`usher site forget ${dead
      .map(({ member }) => member)
      .join('` or `usher site forget ')}\`.`,
  );

const refuseLiving = (name: string, isMe: boolean): Refusal =>
  refuseOperation(
    'living-member',
    isMe
      ? `This agent is ${name} itself, and lives. Have it leave, \`usher site leave\` and \`usher service restart\`, and then forgotten on another member.`
      : `${name} lives. Have it leave there first, \`usher site leave\` and \`usher service restart\`, or stop it, \`usher service stop\`: seconds later it can be forgotten.`,
  );
