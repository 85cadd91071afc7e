/** An agent on a bench: events go in by hand, time stands still until it is moved. */

import { Agent } from '../../../agent/core/agent.ts';
import { SEED_SIZE } from '../../../agent/core/agent-parts.ts';
import type { Effect } from '../../../agent/core/effects.ts';
import type { Event } from '../../../agent/core/events.ts';
import type { KeptHost } from '../../../agent/core/host/host-identity.ts';
import type { HostMark } from '../../../agent/core/host/host-mark.ts';
import type { HostVerdict } from '../../../agent/core/host/host-verdict.ts';
import type { HostCase } from '../../../agent/core/host/judged-host.ts';
import type { CoreOperation, Outcome } from '../../../agent/core/operations.ts';
import { siteMaking } from '../../../agent/core/site/site-making.ts';
import type { Write } from '../../../agent/core/write.ts';
import { armor } from '../../../protocol/armor.ts';
import { AgentLink } from '../../../protocol/client/agent-link.ts';
import type { KnownAgent } from '../../../protocol/client/agent-list.ts';
import type { Endpoint } from '../../../protocol/endpoint.ts';
import type { Holder } from '../../../protocol/holder.ts';
import type { License } from '../../../protocol/license.ts';
import { SPOKEN } from '../../../protocol/offers.ts';
import { buildDiscover, encodeRequest, parseFrame } from '../../../protocol/packet.ts';
import type { Reply } from '../../../protocol/replies.ts';
import type { Request, SeatWish } from '../../../protocol/requests.ts';
import { signLicense } from '../../../protocol/signed-license.ts';
import { epochSeconds, instant, type Moment, seconds } from '../../../protocol/units.ts';
import { plainLicense } from '../../plain-license.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';

export const PRODUCT = 'acme-cad';

export const VENDOR = swiftPrimitives.signingKeys(new Uint8Array(32).fill(1));

/** A signed license; `number` makes its id, `terms` says what is unusual about it. */
export const makeLicense = (number: number, terms: Partial<License> = {}): Uint8Array => {
  const id = new Uint8Array(16).fill(number);
  return signLicense(plainLicense(terms), id, VENDOR, swiftPrimitives);
};

export const armored = (...documents: readonly Uint8Array[]): string =>
  documents.map((bytes) => armor('license', bytes, swiftPrimitives)).join('\n');

export const ANN: Holder = { user: 'ann', host: 'desk', process: 1, application: 'acad' };

/** An acquire of a wish with nothing unusual about it but what `terms` says. */
export const acquire = (
  id: number,
  className: string | null = null,
  terms: Partial<SeatWish> = {},
  wait = false,
): Request => {
  const wish = {
    product: PRODUCT,
    class: className,
    resource: null,
    features: [],
    weight: 1,
    version: null,
    released: null,
    holder: ANN,
  };
  return { kind: 'acquire', id, wish: { ...wish, ...terms }, wait };
};

export const renew = (id: number, idle = 0): Request => ({
  kind: 'renew',
  id,
  idle: seconds(idle),
});

/** The one effect of a kind; an error when there is none or more than one. */
export const only = <K extends Effect['kind']>(
  effects: readonly Effect[],
  kind: K,
): Extract<Effect, { kind: K }> => {
  const [first, second] = effects.filter((effect) => effect.kind === kind);
  if (first === undefined || second !== undefined) {
    throw new Error(`not one ${kind} in: ${effects.map((effect) => effect.kind)}`);
  }
  return first as Extract<Effect, { kind: K }>;
};

export const PHYSICAL: HostVerdict = {
  verdict: 'physical',
  score: 0,
  evidence: [],
  host: 'physical',
};

export class AgentRig {
  readonly agent: Agent;
  /** Milliseconds since the rig was made. */
  now = 0;
  /** The calendar of its computer, which a test moves by itself. */
  wall = 1_800_000_000;
  /** What a look at the host finds. */
  verdict: HostVerdict = PHYSICAL;
  /** The computer's plain host code, where a test is about that. */
  hostCode: Uint8Array | undefined;
  looksWait = false;
  #operations = 0;

  /** `epoch`: tells the starts of one agent apart. */
  constructor(
    epoch = 1,
    refuseHosts: readonly HostCase[] = [],
    idleSessionsMax = 1000,
    keptHost: KeptHost = 'new',
    secret = 2,
    marks: readonly HostMark[] = [],
    site = false,
  ) {
    this.agent = new Agent({
      name: 'rig',
      version: '0.0.0',
      primitives: swiftPrimitives,
      secret: new Uint8Array(32).fill(secret),
      seed: new Uint8Array(SEED_SIZE).fill(epoch),
      vendorKeys: null,
      refuseHosts,
      idleSessionsMax,
      keptHost,
      marks,
      ...(site && { site: siteMaking }),
    });
    // The first thing an agent does is to store the time.
    this.settle(this.step({ kind: 'wake' }));
  }

  get moment(): Moment {
    return { mono: instant(this.now), wall: epochSeconds(this.wall) };
  }

  /** Where the agent asks for a look at the host, it gets one at once, unless `looksWait`. */
  step(event: Event): readonly Effect[] {
    const effects = this.agent.step(event, this.moment);
    if (this.looksWait || !effects.some(({ kind }) => kind === 'look-at-host')) return effects;
    const rest = effects.filter(({ kind }) => kind !== 'look-at-host');
    return [...rest, ...this.look()];
  }

  /** The host is looked at. */
  look(): readonly Effect[] {
    const { verdict, hostCode } = this;
    const seen = hostCode === undefined ? { verdict } : { verdict, code: hostCode };
    return this.step({ kind: 'host-judged', ...seen });
  }

  hear(from: Endpoint, bytes: Uint8Array): readonly Effect[] {
    return this.step({ kind: 'datagram', from, bytes });
  }

  /** Says that the commits among the effects are on the disk; there must be one. */
  settle(effects: readonly Effect[]): readonly Effect[] {
    const last = effects.findLast((effect) => effect.kind === 'commit');
    if (last === undefined) throw new Error(`no commit in: ${effects.map(({ kind }) => kind)}`);
    return this.step({ kind: 'committed', ticket: last.ticket });
  }

  /** Says that the commit among the effects has failed. */
  fail(effects: readonly Effect[]): readonly Effect[] {
    const { ticket } = only(effects, 'commit');
    return this.step({ kind: 'commit-failed', ticket, reason: 'full' });
  }

  operate(operation: CoreOperation): readonly Effect[] {
    return this.step({ kind: 'operator', number: ++this.#operations, operation });
  }

  /** Does a change of licenses to its end. */
  change(operation: CoreOperation): Outcome {
    const effects = this.operate(operation);
    const commits = effects.some(({ kind }) => kind === 'commit');
    return only(commits ? this.settle(effects) : effects, 'answer').outcome;
  }

  add(...documents: readonly Uint8Array[]): Outcome {
    return this.change({ kind: 'license-add', text: armored(...documents) });
  }

  /** A client that has been offered a seat and not said anything yet. */
  client(number: number): RigClient {
    return new RigClient(this, number);
  }
}

export class RigClient {
  readonly endpoint: Endpoint;
  readonly #link: AgentLink;
  readonly #rig: AgentRig;
  #known: KnownAgent;

  constructor(rig: AgentRig, number: number) {
    this.#rig = rig;
    this.endpoint = { address: `10.0.0.${number}`, port: 5000 };
    const secret = new Uint8Array(32).fill(100 + number);
    new DataView(secret.buffer).setUint32(0, number);
    this.#link = new AgentLink(secret, swiftPrimitives);
    this.#known = this.discover();
  }

  get clientKey(): Uint8Array {
    return this.#link.clientKey;
  }

  /** Asks around (again) and takes what is offered. */
  discover(): KnownAgent {
    const nonce = new Uint8Array(16);
    const discover = buildDiscover({ nonce, versions: SPOKEN, product: PRODUCT });
    const frame = parseFrame(only(this.#rig.hear(this.endpoint, discover), 'send').bytes);
    if (typeof frame === 'string' || frame.kind !== 'offer') throw new Error('no offer');
    const { offer } = frame;
    const rest = { endpoint: this.endpoint, failure: undefined };
    this.#known = { offer, epoch: offer.epoch, ...rest };
    return this.#known;
  }

  /** The datagram of a request, as a hello. */
  hello(request: Request): Uint8Array {
    const body = encodeRequest(request);
    const bytes = body && this.#link.hello(this.#known, body);
    if (bytes === undefined) throw new Error('the request does not fit');
    return bytes;
  }

  ask(request: Request): readonly Effect[] {
    return this.#rig.hear(this.endpoint, this.hello(request));
  }

  /** Asks for a seat and waits for the disk. */
  take(id: number, className: string | null = null): Reply | undefined {
    return this.read(this.#rig.settle(this.ask(acquire(id, className))));
  }

  /** The reply among the effects, opened; `undefined` when nothing is said. */
  read(effects: readonly Effect[]): Reply | undefined {
    const send = effects.find((effect) => effect.kind === 'send');
    if (send === undefined) return undefined;
    const frame = parseFrame(send.bytes);
    if (typeof frame === 'string' || frame.kind !== 'reply') throw new Error('no reply');
    return this.#link.open(this.#known, frame);
  }
}

/** What the writes do, in short: `+key` and `-key`. */
export const writesToText = (writes: readonly Write[]): readonly string[] =>
  writes.map(({ key, value }) => `${value === null ? '-' : '+'}${key}`);
