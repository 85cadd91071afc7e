/**
 * Administrators of a site who register what its licenses of choice may be activated for, activate them
 * and take that back, on any member. What was done stays so, a license is activated for one thing at a
 * time, and in peace all members have the same.
 */

import { SHARED_PREFIX } from '../../agent/core/charter/charter-record.ts';
import { decodeResources, encodeResources } from '../../agent/core/charter/resource-text.ts';
import type { CoreOperation, Outcome } from '../../agent/core/operations.ts';
import { ResourceRegister } from '../../agent/core/resources/resource-register.ts';
import { COMMON_RESOURCES_KEY } from '../../agent/core/store-key.ts';
import { equalBytes } from '../../protocol/bytes.ts';
import { foldCase } from '../../protocol/fold-case.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { ANY_RESOURCE } from '../../protocol/license.ts';
import { epochSeconds } from '../../protocol/units.ts';
import type { AgentHost } from './agent-host.ts';
import { WALL_START } from './clocks.ts';
import type { Random } from './random.ts';
import type { Broken } from './site-promises.ts';
import type { RegisterChange } from './site-register.ts';
import { Violation, type World } from './world.ts';

/** Where the whole of such a short text is. */
const RESOURCES_KEY = `${SHARED_PREFIX}resources/0`;

/** What there is to register: few, so that administrators mean the same. */
export const NAMES = ['hall', 'attic', 'cellar'] as const;

/** A license of choice, or of one thing, that is to be activated. */
export interface TiedLicense {
  readonly id: LicenseId;
  readonly resource: string;
}

interface SiteStewardsParts {
  readonly world: World;
  readonly random: Random;
  readonly members: readonly AgentHost[];
  readonly licenses: readonly TiedLicense[];
  /** What the register has. */
  readonly textNow: (key: string) => Uint8Array | undefined;
}

type Change = Extract<
  CoreOperation,
  { kind: 'resource-add' | 'resource-activate' | 'resource-remove' }
>;

/** What an administrator has asked for, and is not answered yet. */
interface Asking {
  readonly name: string;
  readonly member: AgentHost;
  readonly agent: AgentHost['agent'];
}

/** What is activated on one member is so on all within so many milliseconds, in peace. */
const SOON_MS = 3000;

const NOTHING = new Uint8Array(0);

export class SiteStewards {
  readonly #world: World;
  readonly #random: Random;
  readonly #members: readonly AgentHost[];
  readonly #licenses: readonly TiedLicense[];
  readonly #textNow: (key: string) => Uint8Array | undefined;
  /** What members had registered before they joined. */
  readonly #brought = new Set<string>();
  /** Whether each thing is registered, where nobody has meant otherwise since. */
  readonly #isThere = new Map<string, boolean>();
  /** What licenses are activated for, in the same way. */
  readonly #activated = new Map<LicenseId, string>();
  readonly #asking = new Set<Asking>();
  /** How often something of a name was asked for, or answered. */
  readonly #stirred = new Map<string, number>();
  /** When each license was activated for something last, by both. */
  readonly #lastSo = new Map<string, number>();
  #now: ReadonlyMap<LicenseId, string> = new Map();
  #isTogether = false;

  constructor({ world, random, members, licenses, textNow }: SiteStewardsParts) {
    this.#world = world;
    this.#random = random;
    this.#members = members;
    this.#licenses = licenses;
    this.#textNow = textNow;
    for (const member of members) if (random.chance(0.5)) this.#found(member);
  }

  /** What a member's administrator has done before it joins. */
  #found({ disk }: AgentHost): void {
    const random = this.#random;
    const register = new ResourceRegister();
    const names = NAMES.filter(() => random.chance(0.6)).map((name) => drawCase(random, name));
    const added = register.add(names, null, epochSeconds(WALL_START - random.whole(1, 3)));
    const plans = [added];
    if (added.ok) register.apply(added.value.writes);
    for (const { id, resource } of this.#licenses) {
      const name = random.pick(names);
      if (name === undefined || !random.chance(0.5) || resource !== ANY_RESOURCE) continue;
      const activated = register.activate(name, id, null);
      if (activated.ok) register.apply(activated.value.writes);
      plans.push(activated);
    }
    for (const plan of plans) {
      if (!plan.ok) throw new Error(plan.error.code);
      for (const { key, value } of plan.value.writes) if (value) disk.durable.set(key, value);
    }
    for (const name of names) this.#brought.add(foldCase(name));
  }

  /** Somebody registers something, activates a license for it or removes it, on one of the members. */
  change(): void {
    const random = this.#random;
    const member = random.pick(this.#members);
    const license = random.pick(this.#licenses);
    if (member?.agent === undefined || license === undefined) return;
    const name = drawCase(random, random.pick(NAMES));
    const customer = null;
    switch (random.whole(0, 5)) {
      case 0:
        return this.#ask(member, { kind: 'resource-remove', name });
      case 1:
      case 2:
        return this.#ask(member, { kind: 'resource-add', names: [name], customer });
      default: {
        const { id, resource } = license;
        const chosen = resource === ANY_RESOURCE ? name : resource;
        const activation = { name: chosen, license: id, customer } as const;
        return this.#ask(member, { kind: 'resource-activate', ...activation });
      }
    }
  }

  #ask(member: AgentHost, change: Change): void {
    const name = foldCase(nameIn(change));
    const asking = { name, member, agent: member.agent };
    const stirred = this.#stir(name);
    this.#forget(change, name);
    // Were it so already nothing would be written, and what is under way might be done yet.
    const isSo =
      change.kind === 'resource-activate' && this.#now.get(change.license as LicenseId) === name;
    this.#meet();
    // Who does not know of the site yet brings along what is removed meanwhile.
    const isSure = !isSo && (change.kind !== 'resource-remove' || this.#isTogether);
    this.#asking.add(asking);
    member.operate(change, (outcome) => {
      this.#asking.delete(asking);
      const isAlone = this.#stirred.get(name) === stirred && !this.#isAsked(name);
      this.#stir(name);
      if (isSure && isAlone && outcome.kind === change.kind) this.#remember(change, name);
    });
  }

  #stir(name: string): number {
    const stirred = (this.#stirred.get(name) ?? 0) + 1;
    this.#stirred.set(name, stirred);
    return stirred;
  }

  /** Whether somebody who was not answered yet may still have something done. */
  #isAsked(name: string): boolean {
    return [...this.#asking].some((one) => one.name === name && one.agent === one.member.agent);
  }

  /** What may be another way from now on. */
  #forget({ kind }: Change, name: string): void {
    if (kind === 'resource-add' && this.#isThere.get(name) === false) this.#isThere.delete(name);
    if (kind !== 'resource-remove') return;
    this.#isThere.delete(name);
    this.#brought.delete(name);
    for (const [id, of] of this.#activated) if (of === name) this.#activated.delete(id);
  }

  #remember(change: Change, name: string): void {
    this.#isThere.set(name, change.kind !== 'resource-remove');
    if (change.kind === 'resource-activate') this.#activated.set(change.license as LicenseId, name);
  }

  /** What of the site's licenses is activated, by folded name. */
  get activated(): ReadonlyMap<LicenseId, string> {
    return this.#now;
  }

  /** Whether a license was activated for this at some time in the last milliseconds, as far as is known. */
  mayHaveBeen(license: LicenseId, name: string, length: number): boolean {
    this.#meet();
    if (!this.#isTogether || this.#now.get(license) === name) return true;
    return this.#world.now - (this.#lastSo.get(`${license} ${name}`) ?? 0) <= length;
  }

  /** Whether each knows, over a restart, what the site has: nobody brings anything along any more. */
  #meet(): void {
    const text = this.#text;
    this.#isTogether ||=
      text.length > 0 &&
      this.#members.every(({ disk }) =>
        equalBytes(disk.durable.get(COMMON_RESOURCES_KEY) ?? NOTHING, text),
      );
  }

  get #text(): Uint8Array {
    return this.#textNow(RESOURCES_KEY) ?? NOTHING;
  }

  /** What was done stays so. */
  judge(changes: readonly RegisterChange[]): Broken | undefined {
    if (!changes.some(({ key }) => key === RESOURCES_KEY)) return undefined;
    const there = decodeResources(this.#text);
    if (there === undefined) {
      return {
        invariant: 'a license is activated for one thing at a time',
        detail: 'the register',
      };
    }
    this.#meet();
    for (const [id, name] of this.#now) this.#lastSo.set(`${id} ${name}`, this.#world.now);
    this.#now = new Map(
      [...there].flatMap(([name, { licenses }]) => licenses.map((id) => [id, name] as const)),
    );
    return this.#judgeDone(new Set(there.keys()));
  }

  #judgeDone(there: ReadonlySet<string>): Broken | undefined {
    const invariant = 'what is registered, activated or removed stays so';
    for (const [name, isThere] of this.#isThere) {
      if (there.has(name) !== isThere)
        return { invariant, detail: `${name} is there: ${!isThere}` };
    }
    for (const [id, name] of this.#activated) {
      const now = this.#now.get(id);
      if (now !== name) return { invariant, detail: `${id} is for ${now}, not ${name}` };
    }
    return undefined;
  }

  /** Everybody has the same, which the register has. */
  judgePeace(): Broken | undefined {
    const text = this.#text;
    for (const member of this.#members) {
      const outcome = answerOf(member, { kind: 'resource-list' });
      const here = outcome?.kind === 'resource-list' ? encodeResources(outcome.resources) : NOTHING;
      if (equalBytes(here, text)) continue;
      const [has, should] = [here, text].map((one) => Buffer.from(one).toString().trim());
      const detail = `${member.name} has "${has}", not "${should}"`;
      return { invariant: 'in peace all members have the same resources', detail };
    }
    const there = new Set(decodeResources(text)?.keys());
    const lost = [...this.#brought].filter((name) => !there.has(name));
    if (lost.length === 0) return this.#judgeDone(there);
    return { invariant: 'what members bring along is kept', detail: lost.join() };
  }

  /** Has every license activated for something, each on any member. */
  activateAll(): void {
    for (const { id, resource } of this.#licenses) {
      if (this.#now.has(id)) continue;
      const name = resource === ANY_RESOURCE ? this.#random.pick(NAMES) : resource;
      const isThere = decodeResources(this.#text)?.has(foldCase(name)) === true;
      if (!isThere) this.#insist({ kind: 'resource-add', names: [name], customer: null });
      this.#insist({ kind: 'resource-activate', name, license: id, customer: null });
    }
  }

  #insist(change: Change): void {
    let outcome: Outcome | undefined;
    this.#forget(change, foldCase(nameIn(change)));
    this.#random.pick(this.#members)?.operate(change, (told) => {
      outcome = told;
    });
    this.#world.runUntil(this.#world.now + SOON_MS);
    const told = (outcome as Outcome | undefined)?.kind;
    if (told === change.kind) return;
    const detail = `${change.kind} ${nameIn(change)}: ${told ?? 'no answer'}`;
    throw new Violation('in peace what is asked of a member is done', detail);
  }
}

const answerOf = (member: AgentHost, operation: CoreOperation): Outcome | undefined => {
  let outcome: Outcome | undefined;
  member.operate(operation, (told) => {
    outcome = told;
  });
  return outcome;
};

const nameIn = (change: Change): string =>
  change.kind === 'resource-add' ? (change.names[0] ?? '') : change.name;

/** In either case of the letters: they make no other thing. */
export const drawCase = (random: Random, name: string): string =>
  random.chance(0.3) ? name.toUpperCase() : name;
