/** Sealed traffic to a whole agent: an input is a list of what clients and strangers do. */

import type { Effect } from '../../../agent/core/effects.ts';
import type { Endpoint } from '../../../protocol/endpoint.ts';
import { TAG_SIZE } from '../../../protocol/packet.ts';
import { AgentRig, makeLicense } from '../../agent/core/agent-rig.ts';
import { plainPool } from '../../plain-license.ts';
import { promise, type Target } from '../target.ts';
import { bytesOf } from '../vector-seeds.ts';
import { FuzzClient } from './fuzz-client.ts';

const SEATS = 2;
const CLIENTS = 3;
const STEPS_MAX = 48;

/** Reads an input byte by byte; behind its end are zeros. */
class Script {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isOver(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  take(size: number): Uint8Array {
    const taken = this.#bytes.slice(this.#at, this.#at + size);
    this.#at += size;
    return taken;
  }
}

let bodies: readonly Uint8Array[] | undefined;

/** Bodies of the vectors, in order and not. */
const knownBody = (number: number): Uint8Array => {
  bodies ??= bytesOf('messages', 'body');
  return bodies[number % bodies.length] ?? new Uint8Array();
};

class Scene {
  readonly #rig = new AgentRig();
  readonly #clients: readonly FuzzClient[];
  readonly #heard: Uint8Array[] = [];
  readonly #known = new Set<string>();

  constructor() {
    this.#rig.add(makeLicense(1, { pools: [plainPool(SEATS)] }));
    this.#clients = Array.from({ length: CLIENTS }, (_, i) => new FuzzClient(i + 1));
  }

  play(script: Script): void {
    for (let steps = 0; steps < STEPS_MAX && !script.isOver; steps++) {
      this.#act(script);
      promise(this.#rig.agent.leaseCount <= SEATS, 'never more leases than seats');
    }
  }

  #act(script: Script): void {
    const move = script.next();
    const who = this.#clients[(move >> 4) % CLIENTS];
    if (who === undefined) return;
    switch (move & 15) {
      case 0:
        return who.take(this.#hear(who.endpoint, who.discover()));
      case 1:
      case 2:
        return this.#say(who, who.hello(this.#body(script)));
      case 3:
      case 4:
      case 5:
        return this.#say(who, who.request(this.#body(script)));
      case 6:
        return this.#say(who, this.#old(script));
      case 7:
        return this.#say(who, spoiled(this.#old(script), script));
      case 8:
        return this.#say(who, script.take(script.next() * 4));
      case 9:
        this.#rig.now += script.next() * 997;
        this.#take(undefined, this.#rig.step({ kind: 'wake' }));
        return;
      default:
        return this.#say(who, who.ask((move & 15) - 10, script.next() % 4));
    }
  }

  /** A body of the vectors, perhaps with a byte changed, or one that the input brings along. */
  #body(script: Script): Uint8Array {
    const kind = script.next();
    if (kind < 32) return script.take(kind * 8);
    const body = Uint8Array.from(knownBody(kind));
    return (kind & 1) === 0 ? body : spoiled(body, script);
  }

  #old(script: Script): Uint8Array {
    return this.#heard[script.next() % Math.max(1, this.#heard.length)] ?? new Uint8Array();
  }

  #say(who: FuzzClient, bytes: Uint8Array): void {
    who.take(this.#hear(who.endpoint, bytes));
  }

  #hear(from: Endpoint, bytes: Uint8Array): readonly Effect[] {
    this.#heard.push(bytes);
    const effects = this.#rig.hear(from, bytes);
    this.#take({ from, bytes }, effects);
    return effects;
  }

  /** Whatever was to be stored is stored; what comes of it is looked at, too. */
  #take(
    caused: { readonly from: Endpoint; readonly bytes: Uint8Array } | undefined,
    effects: readonly Effect[],
  ): void {
    for (const effect of effects) {
      if (effect.kind === 'send') this.#judge(effect, caused);
      if (effect.kind === 'commit') {
        const after = this.#rig.step({ kind: 'committed', ticket: effect.ticket });
        for (const client of this.#clients) client.take(after);
        this.#take(caused, after);
      }
    }
  }

  #judge(
    { to, bytes }: Extract<Effect, { kind: 'send' }>,
    caused: { readonly from: Endpoint; readonly bytes: Uint8Array } | undefined,
  ): void {
    // A sealed datagram that never arrived may be sent by somebody else: its answer goes there, and
    // is no longer. Nothing goes to who has neither asked nor been offered anything.
    if (caused !== undefined && to.address === caused.from.address) {
      promise(bytes.length <= caused.bytes.length, 'no answer is longer than its question');
      this.#known.add(to.address);
    } else promise(this.#known.has(to.address), 'nothing is said to who has said nothing');
    promise(bytes[3] === 2 || bytes.length >= 4 + TAG_SIZE, 'a reply has a tag');
  }
}

const spoiled = (bytes: Uint8Array, script: Script): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  const at = (script.next() * 256 + script.next()) % Math.max(1, changed.length);
  changed[at] = (changed[at] ?? 0) ^ (script.next() || 1);
  return changed;
};

export const traffic: Target = {
  name: 'traffic',
  shape: 'bytes',
  most: 512,
  seeds: () => [
    new Uint8Array([0x00, 0x0a, 1, 0x0b, 0, 0x0c, 0]),
    new Uint8Array([0x00, 0x10, 0x20, 0x0a, 1, 0x1a, 1, 0x2a, 1, 0x09, 255, 0x0b, 0, 0x06, 1]),
    new Uint8Array([0x00, 0x01, 40, 0x03, 42, 0x07, 1, 0, 80, 3, 0x0d, 1, 0x0e, 2, 0x0f, 3]),
  ],
  run: (bytes) => new Scene().play(new Script(bytes)),
};
