/**
 * A simulated application: it takes a seat or stands in line for one, works, pauses, takes it along,
 * gives it back or crashes, and comes again.
 */

import type { SeatEffect, SeatEvent, SeatState } from '../../protocol/client/seat-events.ts';
import type { Holder } from '../../protocol/holder.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import { unreachable } from '../../protocol/result.ts';
import { type Instant, seconds } from '../../protocol/units.ts';
import {
  type ApplicationParts,
  beginRun,
  pickNames,
  type Run,
  wishToText,
} from './application-run.ts';
import type { Belief } from './belief.ts';
import { Drawer } from './drawer.ts';
import { Luggage } from './luggage.ts';
import { type Flight, flightToText, lendBytes } from './network.ts';
import { checkTold, stateToText } from './told.ts';
import { drawWant } from './wishes.ts';
import { Violation } from './world.ts';

/** `busy`: takes and leaves seats. `willing`: holds one for ever. `going`: wants none any more. */
export type Mood = 'busy' | 'willing' | 'going';

/** Before a willing application whose search failed asks again, in milliseconds. */
const AGAIN_AFTER = 5000;
/** Seats at one time that one application has taken along. */
const LUGGAGE_MAX = 2;

/** How something ended for an application, and when. */
export interface Outcome {
  readonly wish: SeatWish;
  readonly state: SeatState;
  readonly at: number;
  /** The session that was told so, and since when it has had no seat. */
  readonly storeKey: string;
  readonly seatlessSince: number;
}

export class Application {
  readonly #parts: ApplicationParts;
  readonly #drawer: Drawer;
  readonly #user: string;
  #luggage: Luggage[] = [];
  #run: Run | undefined;
  #mood: Mood = 'busy';
  #outcome: Outcome | undefined;
  #losses = 0;
  #runs = 0;
  #timers = 0;

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
    this.#drawer = new Drawer(parts, parts.drawAsked);
    this.#user = parts.random.pick(parts.plan.users);
    parts.world.in(parts.random.between(0, 2000), () => this.#start());
  }

  get name(): string {
    return this.#parts.name;
  }

  /** How its last search ended, its last seat, or where it stands in line. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** How many seats it has lost against its will. */
  get losses(): number {
    return this.#losses;
  }

  /** Whether it has a seat of its own at this true instant, by its own clock. */
  get holds(): boolean {
    return this.#until !== undefined;
  }

  /** The session with which it has a seat, or looks for one. */
  get clientKey(): Uint8Array | undefined {
    return this.#run?.clientKey;
  }

  /** The date by its own calendar. */
  get wall(): number {
    return this.#parts.host.moment().wall;
  }

  /** When the seat that it has ends, unless it is renewed. */
  get #until(): Instant | undefined {
    const until = this.#run?.session.until;
    return until !== undefined && this.#parts.host.mono() < until ? until : undefined;
  }

  /** The seats that are believed in at this true instant, by the clocks of its computer. */
  beliefs(): readonly Belief[] {
    this.#luggage = this.#luggage.filter(({ isDone }) => !isDone);
    const beliefs = this.#luggage.flatMap((luggage) => luggage.belief() ?? []);
    const run = this.#run;
    const ends = this.#until;
    if (run === undefined || ends === undefined) return beliefs;
    if (run.seat === undefined) throw new Violation('a seat is told', `${this.name} was not told`);
    const license = run.seat.licenses[0].license.id;
    const until = this.#parts.host.clock.trueTime(ends);
    return [...beliefs, { name: this.name, until, license, ...pickNames(run) }];
  }

  change(mood: Mood): void {
    this.#mood = mood;
    if (mood === 'going') {
      if (this.#run !== undefined) this.#finishWork(this.#run);
      for (const luggage of this.#luggage) luggage.giveBack();
    }
    if (mood === 'willing' && this.#run === undefined) this.#start();
  }

  #holder(): Holder {
    const user = this.#parts.random.chance(0.3) ? this.#user.toUpperCase() : this.#user;
    return { user, host: this.#parts.host.name, process: ++this.#runs, application: 'acad' };
  }

  #start(): void {
    const { world, host, random, plan, watch, name } = this.#parts;
    if (this.#run !== undefined || this.#mood === 'going') return;
    if (host.isAsleep) return host.setTimer(host.mono(), () => this.#start());
    const wish = { ...drawWant(random, plan.clauses, plan.taste), holder: this.#holder() };
    const run = beginRun(this.#parts, wish);
    this.#run = run;
    watch.opened(run);
    this.#listen(run);
    world.note(`${name} looks for a seat as ${run.session.leaseId}: ${wishToText(wish)}`);
    this.#step(run, { kind: 'start' });
    if (random.chance(0.1)) world.in(random.between(0, 3000), () => this.#leave(run));
  }

  #listen(run: Run): void {
    const { network, host } = this.#parts;
    network.open(run.socket, (flight) => host.receive(() => this.#hear(run, flight)));
  }

  /** Comes from another port from now on, as behind a router that has forgotten it. */
  roam(): void {
    const run = this.#run;
    if (run === undefined) return;
    this.#parts.network.close(run.socket);
    run.socket = this.#parts.nextSocket();
    this.#listen(run);
    this.#parts.world.note(`${this.name} comes from port ${run.socket.port} now`);
  }

  /** Does one of several things that people do while they work, or between. */
  fidget(): void {
    const { plan, random, host, world } = this.#parts;
    const run = this.#run;
    if (host.isAsleep || this.#mood === 'going') return;
    if (plan.clauses.meters && random.chance(0.6)) {
      this.#drawer.draw(random.pick(plan.clauses.products), this.#holder());
    }
    const luggage = random.pick(this.#luggage);
    if (luggage !== undefined && random.chance(0.3)) luggage.giveBack();
    else luggage?.prolong(seconds(random.pick([20, 60, 300])));
    if (run === undefined || !this.holds) return;
    if (random.chance(plan.idling)) {
      world.note(`${this.name} was not used lately`);
      this.#step(run, { kind: 'idle', seconds: seconds(random.pick([0, 20, 90, 4000])) });
    }
    const mayPack = plan.clauses.borrow && this.#luggage.length < LUGGAGE_MAX;
    if (mayPack && this.#mood === 'busy' && random.chance(0.4)) this.#pack(run);
  }

  /** Asks to take the seat along. */
  #pack(run: Run): void {
    const { random, host, hostCode, world } = this.#parts;
    run.borrowAskedAt = host.moment().wall;
    world.note(`${this.name} wants to take its seat along`);
    const duration = seconds(random.pick([15, 60, 200, 300, 1000]));
    this.#step(run, { kind: 'borrow', duration, hostCode });
  }

  #hear(run: Run, flight: Flight): void {
    if (run !== this.#run) return;
    this.#parts.world.note(`${this.name} hears ${flightToText(flight)}`);
    lendBytes(flight, (bytes) => this.#step(run, { kind: 'datagram', from: flight.from, bytes }));
  }

  #step(run: Run, event: SeatEvent): void {
    const effects = run.session.step(event, this.#parts.host.moment());
    for (const effect of effects) this.#perform(run, effect);
    if (run.session.isOver && run === this.#run) this.#end();
  }

  #perform(run: Run, effect: SeatEffect): void {
    const { world, network, host, watch } = this.#parts;
    switch (effect.kind) {
      case 'send':
        world.note(`${this.name} sends`, effect.bytes);
        watch.sent(run, effect.bytes);
        return network.send(run.socket, effect.to, effect.bytes);
      case 'ask-around':
        world.note(`${this.name} asks around`);
        return network.broadcast(run.socket, effect.bytes);
      case 'wake-at': {
        const timer = ++this.#timers;
        return host.setTimer(effect.at, () => {
          if (run === this.#run && timer === this.#timers) this.#step(run, { kind: 'wake' });
        });
      }
      case 'state':
        return this.#tell(run, effect.state);
      default:
        return unreachable(effect);
    }
  }

  #tell(run: Run, state: SeatState): void {
    const { name, world } = this.#parts;
    world.note(`${name} is told: ${stateToText(state)}`);
    world.isDirty = true;
    checkTold(name, state);
    if (state.kind === 'lost') this.#losses++;
    if (state.kind === 'lost' && run.seat !== undefined) run.seatlessSince = world.now;
    if (state.kind !== 'seeking' && state.kind !== 'borrow-refused') {
      const { wish, storeKey, seatlessSince } = run;
      this.#outcome = { wish, state, at: world.now, storeKey, seatlessSince };
    }
    if (state.kind === 'borrowed') this.#take(run, state.token);
    if (state.kind === 'lost') run.seat = undefined;
    if (state.kind !== 'held') return;
    run.seat = state;
    if (!run.hasWorked && this.#mood === 'busy') this.#work(run);
    run.hasWorked = true;
  }

  #work(run: Run): void {
    const { network, random, plan, world } = this.#parts;
    if (random.chance(plan.undocked)) {
      network.isolate(run.socket.address, random.between(0.5, 1.5) * plan.term);
    }
    world.in(random.skewed(100, 2 * plan.work), () => this.#finishWork(run));
  }

  #take(run: Run, token: Uint8Array): void {
    const { plan, hostCode } = this.#parts;
    if (run.seat === undefined) throw new Violation('only a seat is borrowed', this.name);
    const packed = {
      wish: run.wish,
      token,
      licenses: run.seat.licenses,
      vendorKey: plan.vendorKey,
      hostCode,
      secret: run.secret,
      ...pickNames(run),
      lastNumber: run.session.lastNumber,
      askedAt: run.borrowAskedAt,
    };
    this.#luggage.push(new Luggage(this.#parts, packed));
  }

  #finishWork(run: Run): void {
    if (run !== this.#run || this.#mood === 'willing') return;
    if (this.#parts.random.chance(this.#parts.plan.crashes)) this.kill();
    else this.#leave(run);
  }

  /** Its process is gone: nobody gives back what it had, or stood in line for. */
  kill(): void {
    if (this.#run === undefined) return;
    this.#parts.world.note(`${this.name} crashes`);
    this.#end();
  }

  #leave(run = this.#run): void {
    if (run === undefined || run !== this.#run || this.#mood === 'willing') return;
    if (this.#parts.host.isAsleep) {
      return this.#parts.host.setTimer(this.#parts.host.mono(), () => this.#leave(run));
    }
    this.#parts.world.note(`${this.name} gives up its seat`);
    this.#step(run, { kind: 'release' });
  }

  #end(): void {
    const { world, network, random, plan } = this.#parts;
    if (this.#run !== undefined) network.close(this.#run.socket);
    this.#run = undefined;
    if (this.#mood === 'going') return;
    const pause = this.#mood === 'willing' ? AGAIN_AFTER : random.skewed(10, 2 * plan.away);
    world.in(pause, () => this.#start());
  }
}
