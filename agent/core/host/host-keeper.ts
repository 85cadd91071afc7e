/**
 * Keeps what tells the agent's own computer from others, and says of each license whether this is the
 * computer that it is for. A data folder that was copied, or a disk that was cloned, is on another
 * computer: nothing is lent there before an administrator has said what shall be.
 */

import {
  type ComponentMatch,
  keyedHostCode,
  keyHostCode,
  matchBoundHost,
  matchHostCode,
} from '../../../protocol/host-code.ts';
import { HOST_KINDS } from '../../../protocol/host-component.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { Effect } from '../effects.ts';
import { LICENSES_MAX } from '../licenses/license-shelf.ts';
import { judgeIdentity, type KeptHost } from './host-identity.ts';
import type { HostPartView, HostView, OtherHost } from './host-view.ts';

/** Something that is bound to a computer by a signed host code: a license or an activation. */
export interface HostBound {
  /** Tells it from others, for ever: a document's id. At most 64 characters. */
  readonly name: string;
  /** Plain, or keyed for the vendor (host-code.ts). */
  readonly hostCode: Uint8Array;
  /** The vendor's root key. */
  readonly vendor: Uint8Array;
}

export interface HostKeeperParts {
  readonly kept: KeptHost;
  /** The agent's public key: its own hashes fit no other agent's. */
  readonly agentKey: Uint8Array;
  readonly sha512: Primitives['sha512'];
}

export class HostKeeper {
  readonly #parts: HostKeeperParts;
  #kept: KeptHost;
  #standing: HostView['standing'] = 'unread';
  #components: readonly ComponentMatch[] = [];
  #present: Uint8Array | undefined;
  /** Of each name what came of the comparison with what was seen last; `null`: it fits. */
  readonly #judged = new Map<string, OtherHost | null>();
  #isUnkept = false;
  #keepsAgain = false;
  /** That the key is lost. */
  #isTold = false;

  constructor(parts: HostKeeperParts) {
    this.#parts = parts;
    this.#kept = parts.kept;
    if (parts.kept === 'lost') this.#standing = 'lost';
  }

  /** Takes in what a look has shown: the computer's plain host code. */
  look(code: Uint8Array, wall: EpochSeconds, effects: Effect[]): void {
    this.#present = code;
    this.#judged.clear();
    if (this.#keepsAgain) this.#isUnkept = true;
    this.#keepsAgain = false;
    if (this.#kept === 'lost') {
      if (!this.#isTold) effects.push({ kind: 'note', note: { kind: 'key-lost' } });
      this.#isTold = true;
      return;
    }
    const { agentKey, sha512 } = this.#parts;
    const keyed = keyHostCode(code, agentKey, sha512);
    const isFirst = this.#kept === 'new';
    const before = this.#kept === 'new' ? { parts: [], accepted: [] } : this.#kept;
    const { matches, components, refreshed, changed } = judgeIdentity(before.parts, keyed, wall);
    // Of the first computer everything is as it is known, now.
    this.#components =
      before.parts.length > 0 ? components : matchHostCode(keyed, keyed).components;
    if (refreshed !== undefined || isFirst) {
      this.#kept = { ...before, parts: refreshed ?? [] };
      this.#isUnkept = true;
    }
    this.#tell(matches ? 'own' : 'other', effects);
    if (before.parts.length === 0 || changed.length === 0) return;
    effects.push({ kind: 'note', note: { kind: 'host-parts-changed', kinds: changed } });
  }

  #tell(standing: 'own' | 'other', effects: Effect[]): void {
    const before = this.#standing;
    this.#standing = standing;
    if (standing === before || (standing === 'own' && before === 'unread')) return;
    const components = this.#components;
    effects.push({ kind: 'note', note: { kind: `host-is-${standing}`, components } });
  }

  /** Has what is known kept, where that has changed. */
  keep(effects: Effect[]): void {
    if (!this.#isUnkept || typeof this.#kept === 'string') return;
    this.#isUnkept = false;
    effects.push({ kind: 'keep-host', identity: this.#kept });
  }

  /** It could not be kept: after the next look it is tried again. */
  notKept(): void {
    this.#keepsAgain = true;
  }

  /** What tells this computer from others, for one vendor alone; nearly empty where nothing was seen. */
  codeFor(vendor: Uint8Array): Uint8Array {
    return keyHostCode(this.#present ?? keyedHostCode([]), vendor, this.#parts.sha512);
  }

  get view(): HostView {
    return { standing: this.#standing, components: this.#components.map(toPartView) };
  }

  /**
   * Why this computer is not the one that something is for; `undefined` where it is. What has once
   * fitted by its own host code goes with the agent from then on, however its computer changes.
   */
  otherHost(bound: HostBound | undefined): OtherHost | undefined {
    if (this.#standing === 'other' || this.#standing === 'lost') {
      return { bound: 'agent', components: this.view.components };
    }
    if (bound === undefined) return undefined;
    const known = this.#judged.get(bound.name);
    const judged = known === undefined ? this.#judge(bound) : known;
    this.#judged.set(bound.name, judged);
    return judged ?? undefined;
  }

  #judge({ name, hostCode, vendor }: HostBound): OtherHost | null {
    const kept = this.#kept;
    if (typeof kept !== 'string' && kept.accepted.includes(name)) return null;
    const { sha512 } = this.#parts;
    const present = this.#present ?? new Uint8Array(0);
    const match = matchBoundHost(hostCode, present, { key: vendor, sha512 });
    if (!match.matches) return { bound: 'license', components: match.components.map(toPartView) };
    if (typeof kept !== 'string') {
      const accepted = [...kept.accepted, name].slice(-LICENSES_MAX);
      this.#kept = { ...kept, accepted };
      this.#isUnkept = true;
    }
    return null;
  }
}

const toPartView = ({ kind, weight, matched }: ComponentMatch): HostPartView => {
  const { title, strong } = HOST_KINDS[kind];
  return { kind, title, weight, strong, matched };
};
