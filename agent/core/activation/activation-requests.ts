/** The requests that this agent makes: numbered, signed, and those that are carried are remembered. */

import {
  REQUEST_KINDS,
  type RequestKind,
  signActivationRequest,
  type WantedLicense,
} from '../../../protocol/activation-request.ts';
import type { SignedResponse } from '../../../protocol/activation-response.ts';
import { bytesToHex, concatBytes, equalBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from '../../../protocol/ids.ts';
import { KEY_SIZE, LICENSE_ID_SIZE, NONCE_SIZE, WANTED_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import { err, ok, type Result } from '../../../protocol/result.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { ChildWord } from '../children/child-word.ts';
import type { HostKeeper } from '../host/host-keeper.ts';
import { answererOf } from '../licenses/any-license.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';
import type { Preferences } from '../preferences.ts';
import type { Write } from '../write.ts';

/** The number of the last request, and the carried ones whose answers are waited for. */
export const REQUESTS_KEY = 'requests';

const RECORD_VERSION = 1;
/** Carried requests that are remembered, the latest. */
const CARRIED_MAX = 16;
const LAST_NUMBER = 0xffff_ffff;

export interface MadeRequest {
  readonly number: number;
  readonly nonce: Uint8Array;
  /** The key of whom it asks: a vendor's root key, or a parent's. */
  readonly vendor: Uint8Array;
  readonly licenses: readonly LicenseId[];
  readonly kind: RequestKind;
}

export interface RequestPaper extends MadeRequest {
  /** The signed document. */
  readonly bytes: Uint8Array;
}

export interface ActivationRequestsParts {
  readonly primitives: Primitives;
  /** The agent's X25519 keys. */
  readonly keys: KeyPair;
  /** Its Ed25519 keys. */
  readonly signingKeys: KeyPair;
  /** Random bytes, never the same twice. */
  readonly seed: Uint8Array;
  readonly version: string;
  readonly preferences: Preferences;
  readonly hosts: HostKeeper;
  readonly words: ChildWord;
}

export class ActivationRequests {
  readonly #parts: ActivationRequestsParts;
  #last = 0;
  #carried: readonly MadeRequest[] = [];

  constructor(parts: ActivationRequestsParts) {
    this.#parts = parts;
  }

  /** Makes a request for licenses of one vendor, 1 to 32; `write` what it says before it is sent. */
  make(
    kind: RequestKind,
    licenses: readonly [ShelvedLicense, ...ShelvedLicense[]],
    wall: EpochSeconds,
  ): RequestPaper {
    const { primitives, keys, signingKeys, version, preferences, hosts, words } = this.#parts;
    const [first] = licenses;
    const vendor = answererOf(first);
    // The date keeps it growing when an earlier data folder is brought back.
    const number = Math.min(LAST_NUMBER, Math.max(this.#last + 1, wall));
    this.#last = number;
    const nonce = this.#nonce(number);
    const wanted: readonly WantedLicense[] = licenses.map((shelved) => {
      const word = words.of(shelved, wall);
      words.say(shelved, word);
      return { license: shelved.license.id, licenseHash: word };
    });
    const request = {
      kind,
      boxKey: keys.publicKey,
      host: hosts.codeFor(first.vendor),
      wanted,
      nonce,
      number,
      made: wall,
      version,
      hostName: preferences.now.name,
    };
    const bytes = signActivationRequest(request, signingKeys, primitives);
    return { number, nonce, vendor, licenses: wanted.map(({ license }) => license), kind, bytes };
  }

  /** Remembers a request that is carried: its answer may come in weeks. */
  carry({ bytes: _bytes, ...made }: RequestPaper): void {
    this.#carried = [...this.#carried, made].slice(-CARRIED_MAX);
  }

  #nonce(number: number): Uint8Array {
    const { primitives, seed } = this.#parts;
    const text = utf8ToBytes(`usher activation request ${number}\0`);
    return primitives.sha512(concatBytes(text, seed)).slice(0, NONCE_SIZE);
  }

  /**
   * The carried request that a response answers. `older-request`: some of its licenses were asked for
   * again since.
   */
  match({
    response,
  }: Pick<SignedResponse, 'response'>): Result<
    MadeRequest,
    'other-agent' | 'older-request' | 'other-request'
  > {
    if (!equalBytes(response.signingKey, this.#parts.signingKeys.publicKey)) {
      return err('other-agent');
    }
    const made = this.#carried.find(({ nonce }) => equalBytes(nonce, response.nonce));
    if (made === undefined) return err('other-request');
    const isOlder = this.#carried.some(
      ({ number, licenses }) =>
        number > made.number && licenses.some((one) => made.licenses.includes(one)),
    );
    return isOlder ? err('older-request') : ok(made);
  }

  write(): Write {
    const carried = this.#carried.map(({ number, nonce, vendor, licenses, kind }) => [
      number,
      nonce,
      vendor,
      licenses.map(licenseIdToBytes),
      REQUEST_KINDS.indexOf(kind),
    ]);
    return { key: REQUESTS_KEY, value: pack([RECORD_VERSION, this.#last, carried]) };
  }

  /** Takes up the stored record, or answers `false` where it is none. */
  restore(key: string, value: Uint8Array): boolean {
    const fields = new Fields(unpack(value));
    const version = fields.uint();
    const last = fields.uint();
    const carried = fields.list(CARRIED_MAX, (list) => list.exactly(readMade));
    if (!fields.complete || version !== RECORD_VERSION || key !== REQUESTS_KEY) return false;
    this.#last = last;
    this.#carried = carried;
    return true;
  }
}

const readMade = (fields: Fields): MadeRequest => ({
  number: fields.uint(),
  nonce: fields.bytes(NONCE_SIZE).slice(),
  vendor: fields.bytes(KEY_SIZE).slice(),
  licenses: fields.list(WANTED_MAX, (ids) => licenseId(ids.bytes(LICENSE_ID_SIZE))),
  kind: REQUEST_KINDS[fields.uint(REQUEST_KINDS.length - 1)] ?? 'activate',
});

/** Licenses by whom they are asked of, and no more together than one request can ask for. */
export const groupByVendor = (
  licenses: readonly ShelvedLicense[],
  tell: (shelved: ShelvedLicense) => string = () => '',
): readonly (readonly [ShelvedLicense, ...ShelvedLicense[]])[] => {
  const groups = new Map<string, [ShelvedLicense, ...ShelvedLicense[]][]>();
  for (const one of licenses) {
    const key = `${bytesToHex(answererOf(one))} ${tell(one)}`;
    const lists = groups.get(key) ?? [];
    const last = lists.at(-1);
    if (last === undefined || last.length >= WANTED_MAX) lists.push([one]);
    else last.push(one);
    groups.set(key, lists);
  }
  return [...groups.values()].flat();
};
