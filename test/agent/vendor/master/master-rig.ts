/** A master whose disk is in memory and can be cut off after any write, and agents that ask it. */

import type { Write } from '../../../../agent/core/write.ts';
import { Master } from '../../../../agent/vendor/master/master.ts';
import type { BookEntry } from '../../../../agent/vendor/master/master-book.ts';
import type {
  Caller,
  MasterOperation,
  MasterOutcome,
} from '../../../../agent/vendor/master/master-operations.ts';
import { openActivationResponse } from '../../../../protocol/activation-response.ts';
import { type IssuedDocument, openAllIssued } from '../../../../protocol/any-document.ts';
import { armor } from '../../../../protocol/armor.ts';
import type { License } from '../../../../protocol/license.ts';
import type { MasterCall } from '../../../../protocol/master-call.ts';
import { nativePrimitives as primitives } from '../../../../protocol/node/native-primitives.ts';
import type { SigningKeys } from '../../../../protocol/signed-document.ts';
import {
  openLicense,
  type SignedLicense,
  signLicense,
} from '../../../../protocol/signed-license.ts';
import { epochSeconds, instant, type Moment, seconds } from '../../../../protocol/units.ts';
import { ACTIVATION_TERMS, plainLicense } from '../../../plain-license.ts';

export const DAY = 86_400;
export const START = 1_800_000_000;
export const VENDOR = primitives.signingKeys(new Uint8Array(32).fill(7));
export const STAFF: Caller = { name: 'vera', from: 'this computer', customer: null };

/** Terms with a refresh every 30 days and 5 days of grace. */
export const REFRESHED: Partial<License> = {
  activation: {
    ...ACTIVATION_TERMS,
    refresh: { every: seconds(30 * DAY), grace: seconds(5 * DAY) },
  },
};

/** What an answer says, in short. */
export interface Told {
  readonly bytes: Uint8Array;
  readonly refusals: Readonly<Record<string, string>>;
  readonly documents: readonly IssuedDocument[];
  readonly kinds: readonly string[];
}

export class Bench {
  readonly disk = new Map<string, Uint8Array>();
  /** Each batch that was written, in order. */
  readonly batches: (readonly Write[])[] = [];
  master: Master;
  now = START;
  mono = 0;
  #ids = 0;
  readonly #keys: SigningKeys;
  readonly #away: number | null;

  constructor({ keys = VENDOR, away = null }: { keys?: SigningKeys; away?: number | null } = {}) {
    this.#keys = keys;
    this.#away = away;
    this.master = this.#open(this.disk);
  }

  get moment(): Moment {
    return { mono: instant(this.mono), wall: epochSeconds(this.now) };
  }

  /** Time passes. */
  pass(length: number): void {
    this.now += length;
    this.mono += length * 1000;
  }

  /** It is started again, from what the first `count` batches have left on its disk. */
  restart(count = this.batches.length): void {
    const disk = new Map<string, Uint8Array>();
    for (const batch of this.batches.slice(0, count)) apply(disk, batch);
    this.batches.length = count;
    this.disk.clear();
    for (const [key, value] of disk) this.disk.set(key, value);
    this.master = this.#open(this.disk);
  }

  #open(entries: Iterable<BookEntry>): Master {
    const entropy = (size: number): Uint8Array => {
      this.#ids++;
      return primitives
        .sha512(Uint8Array.of(this.#ids & 255, this.#ids >> 8, this.now & 255))
        .slice(0, size);
    };
    return new Master({ keys: this.#keys, primitives, entropy, away: this.#away }, entries);
  }

  write(writes: readonly Write[]): void {
    if (writes.length === 0) return;
    this.batches.push(writes);
    apply(this.disk, writes);
  }

  operate(asked: MasterOperation, caller: Caller = STAFF): MasterOutcome {
    const { answer, writes } = this.master.operate(asked, caller, this.moment);
    this.write(writes);
    return answer;
  }

  /** The same, of which one kind of outcome is expected. */
  must<K extends MasterOutcome['kind']>(
    kind: K,
    asked: MasterOperation,
    caller: Caller = STAFF,
  ): Extract<MasterOutcome, { kind: K }> {
    const outcome = this.operate(asked, caller);
    if (outcome.kind === kind) return outcome as Extract<MasterOutcome, { kind: K }>;
    throw new Error(`Not ${kind} but ${JSON.stringify(outcome)}`);
  }

  /** A customer and a license of these terms for it. */
  issue(
    terms: Partial<License> = {},
    policy: 'first' | 'agents' | 'ask' = 'agents',
  ): SignedLicense {
    const [customer] = this.must('customers', {
      kind: 'customer-list',
      text: 'Example Ltd',
    }).customers;
    if (customer === undefined) {
      this.must('customers', { kind: 'customer-add', name: 'Example Ltd', mail: 'it@example.com' });
    }
    const whole = plainLicense({
      activation: ACTIVATION_TERMS,
      issued: epochSeconds(this.now),
      ...terms,
    });
    const { license } = this.must('license', {
      kind: 'license-issue',
      customer: 'Example Ltd',
      policy,
      expands: null,
      terms: whole,
    });
    return this.license(license.id);
  }

  license(id: License['id']): SignedLicense {
    return readLicense(this.must('license', { kind: 'license-show', license: id }).text);
  }

  /** A license that was signed elsewhere, as text. */
  foreign(terms: Partial<License> = {}, keys = VENDOR): { signed: SignedLicense; text: string } {
    this.#ids++;
    const id = primitives.sha512(Uint8Array.of(9, this.#ids)).slice(0, 16);
    const bytes = signLicense(
      plainLicense({ activation: ACTIVATION_TERMS, issued: epochSeconds(this.now), ...terms }),
      id,
      keys,
      primitives,
    );
    const opened = openLicense(bytes, primitives);
    if (!opened.ok) throw new Error(opened.error);
    return { signed: opened.value, text: armor('license', bytes, primitives) };
  }

  /** What a call brings; its refusal's code where there is no response. */
  call(call: MasterCall, customer: string | null = null): Told | string {
    const { answer, writes } = this.master.call(
      call,
      { customer, mayActivate: true, approves: false, from: '192.0.2.1' },
      this.moment,
    );
    this.write(writes);
    return answer.ok ? tell(answer.value) : answer.error.code;
  }

  ask(call: MasterCall, customer: string | null = null): Told {
    const told = this.call(call, customer);
    if (typeof told === 'string') throw new Error(`It was refused: ${told}`);
    return told;
  }
}

const apply = (disk: Map<string, Uint8Array>, batch: readonly Write[]): void => {
  for (const { key, value } of batch) {
    if (value === null) disk.delete(key);
    else disk.set(key, value);
  }
};

/** The license in a text. */
export const readLicense = (text: string): SignedLicense => {
  const base64 = text
    .split('\n')
    .filter((line) => !line.startsWith('-'))
    .join('');
  const bytes = new Uint8Array(Buffer.from(base64, 'base64')).slice(0, -4);
  const opened = openLicense(bytes, primitives);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
};

/** What a response says; throws where it cannot be read. */
export const tell = (bytes: Uint8Array): Told => {
  const opened = openActivationResponse(bytes, primitives);
  if (!opened.ok) throw new Error(`a response that cannot be read: ${opened.error}`);
  const { refusals, documents } = opened.value.response;
  const issued = openAllIssued(documents, primitives);
  if (!issued.ok) throw new Error(`a document that cannot be read: ${issued.error}`);
  return {
    bytes,
    refusals: Object.fromEntries(refusals.map(({ license, code }) => [license, code])),
    documents: issued.value,
    kinds: issued.value.map((one) =>
      one.kind === 'standing' ? one.signed.standing.state : one.kind,
    ),
  };
};

/** The activation in an answer. */
export const activationIn = ({ documents }: Told, id?: License['id']) => {
  for (const one of documents) {
    if (one.kind !== 'activation') continue;
    if (id === undefined || one.signed.activation.license === id) return one.signed;
  }
  throw new Error('There is no activation in this answer.');
};
