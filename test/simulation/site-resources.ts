/**
 * Licenses of choice in a site: guests want seats for something that a customer has, at any member, and
 * get those of the licenses that are activated for it. No license ever has more believers than seats,
 * for whatever; it lends for what it is activated for, to who asks for that; nobody believes in a seat
 * of one that has ended; and in peace every seat can be had by who wants such a one.
 */

import type { Note } from '../../agent/core/notes.ts';
import { foldCase } from '../../protocol/fold-case.ts';
import { ANY_RESOURCE } from '../../protocol/license.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import type { AgentHost } from './agent-host.ts';
import { WALL_START } from './clocks.ts';
import type { Random } from './random.ts';
import { type SharedLicense, signShared } from './site-ground.ts';
import type { SiteGuest } from './site-guest.ts';
import { SiteInquirer } from './site-inquirer.ts';
import { meetGuest, type SiteGround } from './site-people.ts';
import type { Broken, Lent } from './site-promises.ts';
import type { RegisterChange } from './site-register.ts';
import { drawCase, NAMES, SiteStewards } from './site-stewards.ts';
import { Violation } from './world.ts';

const PRODUCT = 'rooms';
/** Nobody registers it. */
const UNKNOWN = 'roof';
const VISITS = 50;
const CHANGES = 25;
/** A license ends in the middle of the chaos, by calendars that are wrong by this. */
const ENDS = { first: 60, last: 150, wrong: 5 } as const;
/** Who is heard lends by what the site had so many milliseconds ago at most. */
const KNOWN_MS = 5000;
/** Seats come together within so many milliseconds, and inquiries are answered. */
const SETTLE_MS = 40_000;
const ANSWER_MS = 10_000;
const FOR_LONG_MS = 1_000_000;
/** A seat whose guest is silent is another's after this share of a term, and so many milliseconds. */
const BACK = { terms: 1.1, more: 15_000 } as const;

/** A license that is tied to what it is activated for. */
interface Tied extends SharedLicense {
  readonly resource: string;
  /** The true time from which on nobody believes in a seat of it. */
  readonly gone: number;
}

interface Come {
  readonly guest: SiteGuest;
  /** As he names it. */
  readonly resource: string | null;
  readonly address: string;
}

export class SiteResources {
  readonly #ground: SiteGround;
  readonly #random: Random;
  readonly #members: readonly AgentHost[];
  readonly #term: number;
  readonly #licenses: readonly Tied[];
  readonly #stewards: SiteStewards;
  readonly #inquirer: SiteInquirer;
  #guests: readonly Come[] = [];
  #came = 0;

  /** `term`: of all licenses, in seconds. */
  constructor(ground: SiteGround, random: Random, members: readonly AgentHost[], term: number) {
    const { world, register } = ground;
    this.#ground = { ...ground, random };
    this.#random = random;
    this.#members = members;
    this.#term = term;
    // One of them never ends.
    this.#licenses = Array.from({ length: random.whole(1, 3) }, (_, i) => this.#sign(i > 0));
    for (const member of members) {
      for (const { record } of this.#licenses) member.disk.durable.set(...record);
      member.onNote = (note) => this.#judgeNote(member, note);
    }
    const textNow = (key: string) => register.get(key);
    const parts = { world, random: random.fork(), members, licenses: this.#licenses, textNow };
    this.#stewards = new SiteStewards(parts);
    this.#inquirer = new SiteInquirer(this.#ground, PRODUCT);
  }

  #sign(mayEnd: boolean): Tied {
    const random = this.#random;
    const expires = mayEnd && random.chance(0.4) ? random.whole(ENDS.first, ENDS.last) : undefined;
    const resource = random.chance(0.8) ? ANY_RESOURCE : random.pick(NAMES);
    const signed = signShared(random, random.whole(1, 3), seconds(this.#term), {
      product: PRODUCT,
      resource,
      expires: expires === undefined ? null : epochSeconds(WALL_START + expires),
    });
    const end = (expires ?? Number.POSITIVE_INFINITY) + ENDS.wrong + 1.01 * this.#term;
    return { ...signed, resource, gone: 1000 * end };
  }

  /** The licenses, and who believes in a seat of each. */
  lent(): readonly Lent[] {
    const believers = this.#guests.map(({ guest }) => guest).filter(({ believes }) => believes);
    return this.#licenses.map(({ id, seats }) => ({
      id,
      seats,
      guests: believers.filter(({ license }) => license === id),
    }));
  }

  live(length: number): void {
    const { world } = this.#ground;
    const random = this.#random;
    for (let i = random.whole(10, VISITS); i > 0; i--) {
      world.in(random.between(0, length), () => this.#visit());
    }
    for (let i = random.whole(3, CHANGES); i > 0; i--) {
      world.in(random.between(0, length), () => this.#stewards.change());
    }
    for (const { gone } of this.#licenses) if (gone < length) world.at(gone, () => this.#judge());
  }

  /** Somebody wants a seat for what he names, or for whatever there is. */
  #visit(): void {
    const random = this.#random;
    if (random.chance(0.7)) return this.#stay(drawCase(random, random.pick(NAMES)));
    const member = random.pick(this.#members);
    if (member === undefined) return;
    this.#inquirer.list(member, (there) => {
      const { name } = random.pick(there) ?? {};
      if (name !== undefined) this.#stay(name);
    });
  }

  #stay(resource: string): void {
    const random = this.#random;
    const { guest } = this.#meet(resource, random.chance(0.5));
    guest.come();
    const stay = random.between(2000, 4000 * this.#term);
    this.#ground.world.in(stay, () => guest.go(random.chance(0.7)));
  }

  #meet(resource: string | null, isPatient: boolean): Come {
    const name = `lodger-${++this.#came}`;
    const endpoint = { address: `10.6.0.${this.#came}`, port: 20_000 };
    const who = { name, user: name, desk: name, endpoint, product: PRODUCT, resource };
    const onBelief = () => this.#judge();
    const guest = meetGuest(this.#ground, this.#came, { ...who, weight: 1, isPatient, onBelief });
    const come = { guest, resource, address: endpoint.address };
    this.#guests = [...this.#guests.filter((one) => !one.guest.isGone), come];
    return come;
  }

  /** Somebody comes to stay who may find one member alone: what he wants is to be had there, too. */
  #stayOn(name: string): void {
    const { guest, address } = this.#meet(name, true);
    const only = this.#random.chance(0.5) ? this.#random.pick(this.#members) : undefined;
    for (const { endpoint } of this.#members) {
      const isFound = only === undefined || endpoint === only.endpoint;
      if (!isFound) this.#ground.network.cut(address, endpoint.address, FOR_LONG_MS);
    }
    guest.come();
  }

  #judge(): void {
    const { now } = this.#ground.world;
    for (const { id, seats, guests } of this.lent()) {
      const names = guests.map(({ name }) => name).join();
      if (guests.length > seats) {
        const detail = `${names} of ${seats} of ${id}`;
        throw new Violation('a license of choice never has more believers than seats', detail);
      }
      const isGone = this.#licenses.some((one) => one.id === id && now >= one.gone);
      if (!isGone || guests.length === 0) continue;
      throw new Violation('nobody believes in a seat of a license that has ended', names);
    }
  }

  /** What was granted is what was asked for. */
  #judgeNote(member: AgentHost, note: Note): void {
    if (note.kind !== 'seat-granted' || note.product !== PRODUCT) return;
    const { license, holder } = note;
    const name = this.#guests.find(({ guest }) => guest.user === holder.user)?.resource;
    // Who cannot write does not take up what others have changed.
    if (name === undefined || member.disk.failedSince(this.#ground.world.now - KNOWN_MS)) return;
    if (this.#stewards.mayHaveBeen(license, foldCase(name ?? ''), KNOWN_MS)) return;
    const detail = `${holder.user} at ${member.name} has ${license} for ${name}`;
    throw new Violation('a license lends for what it is activated for', detail);
  }

  judge(changes: readonly RegisterChange[]): Broken | undefined {
    return this.#stewards.judge(changes);
  }

  /** Peace begins. */
  leave(): void {
    for (const { guest } of this.#guests) guest.go(true);
  }

  /** Everybody who could have a seat comes, one more than that, and some who cannot. */
  rest(): void {
    const { world } = this.#ground;
    const random = this.#random;
    this.#demandPeace();
    this.#stewards.activateAll();
    this.#demandPeace();
    const all = this.#seatsByName();
    const most = random.pick([...all.keys()]);
    const wanted = [...all].flatMap(([name, seats]) =>
      Array.from({ length: seats + (name === most ? 1 : 0) }, () => drawCase(random, name)),
    );
    for (const name of wanted) world.in(random.between(0, 5000), () => this.#stayOn(name));
    const vain = [this.#meet(UNKNOWN, true), this.#meet(null, true)];
    for (const { guest } of vain) guest.come();
    world.runUntil(world.now + SETTLE_MS);
    this.#demandServed(all);
    for (const { guest, resource } of vain) {
      const code = resource === null ? 'resource-needed' : 'no-resource';
      if (guest.refusal === code) continue;
      throw new Violation('who asks for nothing there is is told so', `${guest.refusal}`);
    }
    this.#demandLists(all);
    this.#demandReturn(all, most);
  }

  #demandPeace(): void {
    const broken = this.#stewards.judgePeace();
    if (broken !== undefined) throw new Violation(broken.invariant, broken.detail);
  }

  /** Of licenses that hold. */
  #seatsByName(): ReadonlyMap<string, number> {
    const all = new Map<string, number>();
    for (const [id, name] of this.#stewards.activated) {
      const license = this.#licenses.find((one) => one.id === id);
      if (license === undefined || license.gone <= this.#ground.world.now) continue;
      all.set(name, (all.get(name) ?? 0) + license.seats);
    }
    return all;
  }

  #demandServed(all: ReadonlyMap<string, number>): void {
    for (const [name, seats] of all) {
      const served = this.#believersOf(name).length;
      if (served === seats) continue;
      const detail = `${served} of ${seats} for ${name}`;
      throw new Violation('in peace every seat of a license of choice can be had', detail);
    }
  }

  #believersOf(name: string): readonly SiteGuest[] {
    return this.#guests
      .filter(({ guest, resource }) => guest.believes && foldCase(resource ?? '') === name)
      .map(({ guest }) => guest);
  }

  /** Every member names what there is to be had, and no more seats than there are. */
  #demandLists(all: ReadonlyMap<string, number>): void {
    const { world } = this.#ground;
    const said = new Map<string, number>();
    const lists: string[] = [];
    for (const member of this.#members) {
      this.#inquirer.list(member, (there) => {
        lists.push(
          there
            .map(({ name }) => foldCase(name))
            .sort()
            .join(),
        );
        for (const { name, total } of there) {
          said.set(foldCase(name), (said.get(foldCase(name)) ?? 0) + total);
        }
      });
    }
    world.runUntil(world.now + ANSWER_MS);
    const names = [...all.keys()].sort().join();
    const isSo = [...all].every(([name, seats]) => (said.get(name) ?? 0) <= seats);
    if (isSo && lists.length === this.#members.length && lists.every((one) => one === names))
      return;
    const detail = `${lists.join('; ')} of ${names}: ${[...said].join('; ')}`;
    throw new Violation('in peace every member lists what there is', detail);
  }

  /** Whose guest says nothing any more is another's seat, in time. */
  #demandReturn(all: ReadonlyMap<string, number>, most: string | undefined): void {
    const { world } = this.#ground;
    this.#random.pick(this.#believersOf(most ?? ''))?.go(false);
    world.runUntil(world.now + 1000 * BACK.terms * this.#term + BACK.more);
    this.#demandServed(all);
  }
}
