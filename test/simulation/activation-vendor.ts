/** The vendor's master on a computer of its own: its power is cut, its disk comes from a backup. */

import type { MasterAnswer } from '../../agent/core/activation/master-answer.ts';
import type { Write } from '../../agent/core/write.ts';
import { Master, type Settled } from '../../agent/vendor/master/master.ts';
import type {
  Caller,
  MasterOperation,
  MasterOutcome,
} from '../../agent/vendor/master/master-operations.ts';
import { openActivation } from '../../protocol/activation.ts';
import { openActivationResponse } from '../../protocol/activation-response.ts';
import { dearmor } from '../../protocol/armor.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import { keyId, type LicenseId } from '../../protocol/ids.ts';
import { decodeMasterCall } from '../../protocol/master-call.ts';
import { hashDocument } from '../../protocol/signed-document.ts';
import { epochSeconds, instant, type Moment } from '../../protocol/units.ts';
import { WALL_START } from './clocks.ts';
import type { Random } from './random.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import { Violation, type World } from './world.ts';

const KEYS = swiftPrimitives.signingKeys(new Uint8Array(32).fill(11));
const STAFF: Caller = { name: 'vera', from: 'the vendor', customer: null };
const BEARER = { customer: null, mayActivate: true, approves: false, from: 'a network' } as const;

/** Seconds by which a calendar is wrong, at most: two of them differ by less than a day. */
export const CALENDAR_ERROR = 36_000;

/** An activation that the vendor has signed, in true time. */
export interface Signed {
  readonly license: LicenseId;
  readonly number: number;
  /** The key id of its agent. */
  readonly agent: string;
  readonly at: number;
  /** The master was restored to a time before: it knows nothing of it. */
  isForgotten: boolean;
}

interface Freed {
  readonly agent: string;
  readonly at: number;
}

interface Pending {
  readonly writes: readonly Write[];
  readonly tell: () => void;
}

export class ActivationVendor {
  /** Seconds by which its calendar is wrong. */
  offset = 0;
  readonly #world: World;
  readonly #random: Random;
  readonly #signed = new Map<string, Signed>();
  #freed: readonly Freed[] = [];
  #disk = new Map<string, Uint8Array>();
  #backup: { readonly disk: ReadonlyMap<string, Uint8Array>; readonly at: number };
  #pending: Pending[] = [];
  #master: Master | undefined;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
    this.#backup = { disk: new Map(), at: 0 };
    this.#boot();
  }

  /** What an agent asks; `onAnswer` is told only what is on the disk, with the time of the decision. */
  call(body: Uint8Array, onAnswer: (answer: MasterAnswer, at: number) => void): void {
    const call = decodeMasterCall(body);
    if (this.#master === undefined || call === undefined) return;
    const at = this.#world.now;
    this.#settle(
      this.#master.call(call, BEARER, this.#moment()),
      (answer) => {
        const { version } = NOBODY;
        if (answer.ok) return onAnswer({ ok: true, bytes: answer.value, version }, at);
        onAnswer({ ...NOBODY, sentence: answer.error.sentence }, at);
      },
      (answer) => answer.ok && this.#learn(answer.value),
    );
  }

  /** What the vendor's staff does. */
  operate(asked: MasterOperation, onAnswer: (outcome: MasterOutcome) => void): void {
    if (this.#master === undefined) return;
    const settled = this.#master.operate(asked, STAFF, this.#moment());
    this.#settle(settled, onAnswer, (outcome) => {
      if (outcome.kind === 'uploaded') {
        for (const { response } of outcome.results) this.#learnText(response ?? '');
      }
      if (asked.kind !== 'activation-free' || outcome.kind !== 'done') return;
      this.#freed = [...this.#freed, { agent: asked.agent, at: this.#world.now }];
    });
  }

  /** When an agent was freed by hand last, as far as the vendor remembers it. */
  freedAt(agent: string): number {
    return Math.max(-1, ...this.#freed.filter((one) => one.agent === agent).map(({ at }) => at));
  }

  signed(license: LicenseId, number: number, agent: string): Signed | undefined {
    return this.#signed.get(`${license}/${number}/${agent}`);
  }

  /** The activation of this hash. */
  signedBy(hash: Uint8Array): Signed | undefined {
    return this.#signed.get(bytesToHex(hash));
  }

  tick(): void {
    const writes = this.#master?.tick(this.#moment()) ?? [];
    if (writes.length > 0) this.#write(writes, () => {});
  }

  /** The power is cut: of what was on its way to the disk some is there, in order. */
  crash(down: number): void {
    if (this.#master === undefined) return;
    this.#world.note('the master crashes');
    const kept = this.#random.whole(0, this.#pending.length);
    for (const { writes } of this.#pending.slice(0, kept)) apply(this.#disk, writes);
    this.#pending = [];
    this.#master = undefined;
    this.#world.in(down, () => this.#boot());
  }

  backUp(): void {
    this.#backup = { disk: new Map(this.#disk), at: this.#world.now };
  }

  /** It is started on its last backup, as the manual says. */
  restore(): void {
    if (this.#master === undefined) return;
    this.#world.note('the master is restored from its backup');
    const { disk, at } = this.#backup;
    this.#pending = [];
    this.#disk = new Map(disk);
    for (const one of this.#signed.values()) one.isForgotten ||= one.at >= at;
    this.#freed = this.#freed.filter((one) => one.at < at);
    this.#master = undefined;
    this.#boot();
    const restored = this.#master as Master | undefined;
    if (restored !== undefined) this.#write(restored.wasRestored(this.#moment()), () => {});
  }

  #boot(): void {
    if (this.#master !== undefined) return;
    const entropy = (size: number): Uint8Array => this.#random.bytes(size);
    const options = { keys: KEYS, primitives: swiftPrimitives, entropy, away: null };
    this.#master = new Master(options, this.#disk);
  }

  #moment(): Moment {
    const { now } = this.#world;
    const wall = epochSeconds(Math.floor(WALL_START + now / 1000 + this.offset));
    return { mono: instant(now), wall };
  }

  /** `learn`: what the world knows from now on, though nobody was told yet. */
  #settle<T>(
    { answer, writes }: Settled<T>,
    tell: (answer: T) => void,
    learn: (answer: T) => void,
  ): void {
    learn(answer);
    if (writes.length === 0 && this.#pending.length === 0) tell(answer);
    else this.#write(writes, () => tell(answer));
  }

  #write(writes: readonly Write[], tell: () => void): void {
    const pending = { writes, tell };
    this.#pending.push(pending);
    this.#world.in(this.#random.skewed(1, 300), () => {
      const until = this.#pending.indexOf(pending);
      for (const one of this.#pending.splice(0, until + 1)) {
        apply(this.#disk, one.writes);
        one.tell();
      }
    });
  }

  #learnText(text: string): void {
    for (const block of dearmor('response', text, swiftPrimitives)) {
      if (block.ok) this.#learn(block.value);
    }
  }

  /** What it has signed, whoever hears of it. */
  #learn(bytes: Uint8Array): void {
    const opened = openActivationResponse(bytes, swiftPrimitives);
    if (!opened.ok) return;
    for (const document of opened.value.response.documents) {
      const read = openActivation(document, swiftPrimitives);
      const hash = bytesToHex(hashDocument(document, swiftPrimitives));
      if (!read.ok || this.#signed.has(hash)) continue;
      const { license, number, agent } = read.value.activation;
      this.#checkNumber(number);
      const signer = keyId(swiftPrimitives.sha512, agent.signingKey);
      const fact = { license, number, agent: signer, at: this.#world.now, isForgotten: false };
      this.#signed.set(hash, fact);
      this.#signed.set(`${license}/${number}/${signer}`, fact);
    }
  }

  /** The date is what makes agents believe a master that was restored. */
  #checkNumber(number: number): void {
    const wall = WALL_START + this.#world.now / 1000;
    if (number >= wall - CALENDAR_ERROR - 1) return;
    const detail = `number ${number}, ${Math.floor(wall - number)} s behind`;
    throw new Violation('no number of a vendor is below the date', detail);
  }
}

/** What comes of a call that nobody answers. */
export const NOBODY = {
  ok: false,
  code: 'unreachable',
  sentence: 'Lost.',
  version: null,
} as const satisfies MasterAnswer;

const apply = (disk: Map<string, Uint8Array>, writes: readonly Write[]): void => {
  for (const { key, value } of writes) {
    if (value === null) disk.delete(key);
    else disk.set(key, value);
  }
};
