/** Members of a site on a bench: one clock for all, and a register that answers at once, or not. */

import type { Effect } from '../../../../agent/core/effects.ts';
import type { Event } from '../../../../agent/core/events.ts';
import type { RegisterAsk } from '../../../../agent/core/site/register.ts';
import type { License } from '../../../../protocol/license.ts';
import { AgentRig, makeLicense } from '../agent-rig.ts';
import type { DeskRig } from '../desk-rig.ts';
import { type Asked, RegisterBench, SILENT } from './register-bench.ts';

export class SiteMember extends AgentRig {
  /** The register does not hear it, or it does not hear the register. */
  isCut = false;
  /** Whatever it writes now fails. */
  isStuck = false;
  /** What is done, and answered, no sooner than by `answerLate`. */
  isLate: (ask: RegisterAsk) => boolean = () => false;
  #late: Asked[] = [];
  /** Not there yet while the agent takes its first step. */
  readonly register: RegisterBench | undefined;

  constructor(register: RegisterBench, secret: number, terms: Partial<License>, epoch = secret) {
    super(epoch, [], 1000, 'new', secret, [], true);
    this.register = register;
    this.add(makeLicense(1, terms));
  }

  /** The agent of `desk` that has become a member, and starts on what it has stored. */
  static of(desk: DeskRig, register: RegisterBench, secret: number): SiteMember {
    const member = new SiteMember(register, secret, { product: 'unasked' }, secret + 100);
    member.wall = desk.rig.wall;
    member.step({ kind: 'restored', entries: desk.store.entries() });
    member.wake();
    return member;
  }

  /** Its time has come, and what it writes is on the disk. */
  wake(): readonly Effect[] {
    const effects = [...this.step({ kind: 'wake' })];
    for (let last = effects; last.some(({ kind }) => kind === 'commit'); ) {
      last = [...(this.isStuck ? this.fail(last) : this.settle(last))];
      effects.push(...last);
      if (this.isStuck) break;
    }
    return effects;
  }

  /** Lets time pass for it alone, in half beats. */
  pass(milliseconds: number): readonly Effect[] {
    const effects: Effect[] = [];
    for (let left = milliseconds; left > 0; left -= 250) {
      this.now += Math.min(250, left);
      effects.push(...this.wake());
    }
    return effects;
  }

  /** Whatever is asked of the register is answered before the step is over, unless it `isLate`. */
  override step(event: Event): readonly Effect[] {
    const effects = [...super.step(event)];
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i];
      if (effect?.kind !== 'ask-register') continue;
      if (this.register !== undefined && this.isLate(effect.ask)) this.#late.push(effect);
      else effects.push(...super.step(answerTo(this, effect)));
    }
    return effects.filter(({ kind }) => kind !== 'ask-register');
  }

  answerLate(): readonly Effect[] {
    const late = this.#late;
    this.#late = [];
    this.isLate = () => false;
    const effects = late.flatMap((asked) => this.step(answerTo(this, asked)));
    const commits = effects.some(({ kind }) => kind === 'commit');
    return commits ? [...effects, ...this.settle(effects)] : effects;
  }
}

const answerTo = ({ register, isCut }: SiteMember, { number, ask }: Asked): Event => {
  const isHeard = !isCut && register?.deafTo(ask) === false;
  const answer = isHeard ? register.transact(ask) : SILENT;
  return { kind: 'register-answered', number, answer };
};

export class SiteRig {
  readonly register = new RegisterBench();
  readonly members: readonly SiteMember[];

  /** `through`: what a member's asks go through on their way to the register. */
  constructor(
    count: number,
    terms: Partial<License>,
    through: (register: RegisterBench, member: number) => RegisterBench = (register) => register,
  ) {
    this.members = Array.from(
      { length: count },
      (_, i) => new SiteMember(through(this.register, i), i + 2, terms),
    );
  }

  member(i: number): SiteMember {
    const member = this.members[i];
    if (member === undefined) throw new Error('no such member');
    return member;
  }

  /** Lets time pass, in half beats; `who`: those who are awake. */
  pass(milliseconds: number, who: readonly SiteMember[] = this.members): readonly Effect[] {
    const effects: Effect[] = [];
    for (let left = milliseconds; left > 0; left -= 250) {
      for (const member of this.members) member.now += Math.min(250, left);
      for (const member of who) effects.push(...member.wake());
    }
    return effects;
  }
}
