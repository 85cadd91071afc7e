/**
 * Answers children that call: what they have taken, what they are to lend by now. Nothing is spoken
 * before the promise that it is, is on the disk.
 */

import type { AgentKeys } from '../../../protocol/activation.ts';
import { openActivationRequest, type SignedRequest } from '../../../protocol/activation-request.ts';
import {
  type ActivationRefusal,
  type RefusedLicense,
  signActivationResponse,
} from '../../../protocol/activation-response.ts';
import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import {
  type CallRefusal,
  decodeMasterCall,
  type MasterCall,
} from '../../../protocol/master-call.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import { err, ok, type Result } from '../../../protocol/result.ts';
import { openReceipt } from '../../../protocol/return-receipt.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { Allowance } from '../seats/allowance.ts';
import type { Situation } from '../situation.ts';
import type { Write } from '../write.ts';
import type { ChildLedger } from './child-ledger.ts';
import { type ChildMaker, takeWord } from './child-maker.ts';
import { type ChildRecord, childKey, childWrite, isUpToDate } from './child-record.ts';
import { makingWords } from './child-refusals.ts';
import type { ParentAnswer } from './parent-answer.ts';

export interface ChildCounterParts {
  readonly primitives: Primitives;
  readonly signingKeys: KeyPair;
  readonly children: ChildLedger;
  readonly maker: ChildMaker;
  readonly allowance: Allowance;
  readonly commits: CommitQueue;
}

/** A response that may be spoken when its writes are on the disk. */
interface Decided {
  readonly bytes: Uint8Array;
  readonly refusals: readonly RefusedLicense[];
  readonly writes: readonly Write[];
}

/** What came of one license that was asked for. */
type Given =
  | { readonly documents: readonly Uint8Array[]; readonly write?: Write }
  | {
      readonly refused: RefusedLicense;
      readonly documents?: readonly Uint8Array[];
      readonly write?: Write;
    };

/** Calls that wait for the disk at a time. */
const WAITING_MAX = 256;
/** What was made within this time is not made anew. */
const FRESH_SECONDS = 6 * 3600;

export class ChildCounter {
  readonly #parts: ChildCounterParts;
  #waiting = 0;

  constructor(parts: ChildCounterParts) {
    this.#parts = parts;
  }

  /** Somebody has called; the answer is among the effects of this step or a later one. */
  hear(number: number, body: Uint8Array, situation: Situation): void {
    const answer = (result: ParentAnswer, { effects }: Situation): void => {
      effects.push({ kind: 'parent-answers', number, answer: result });
    };
    if (this.#waiting >= WAITING_MAX) {
      const sentence = 'Too many call at the same time: try again in a moment.';
      return answer({ ok: false, code: 'busy', sentence }, situation);
    }
    const call = decodeMasterCall(body);
    const decided = call === undefined ? err(BAD_CALL) : this.decide(call, situation);
    if (!decided.ok) return answer({ ok: false, ...decided.error }, situation);
    const { bytes, writes } = decided.value;
    if (writes.length === 0) return answer({ ok: true, bytes }, situation);
    this.#waiting++;
    const held = {
      kind: 'rare',
      settle: (later: Situation) => {
        this.#waiting--;
        answer({ ok: true, bytes }, later);
      },
      fail: (later: Situation) => {
        this.#waiting--;
        answer({ ok: false, ...UNWRITTEN }, later);
      },
    } as const;
    situation.effects.push(this.#parts.commits.commit(writes, held));
  }

  /** The answer to a call. What it promises counts from now on, whether or not it is spoken. */
  decide(
    { request: bytes, receipts }: MasterCall,
    situation: Situation,
  ): Result<Decided, CallRefusal> {
    const { primitives, signingKeys, allowance } = this.#parts;
    const opened = openActivationRequest(bytes, primitives);
    if (!opened.ok) return err(BAD_CALL);
    const { request } = opened.value;
    const given = request.wanted.map(({ license, licenseHash }) =>
      request.kind === 'return'
        ? this.#takeBack(license, opened.value, receipts, situation.at.wall)
        : this.#give(license, licenseHash, opened.value, situation),
    );
    allowance.changed();
    const refusals = given.flatMap((one) => ('refused' in one ? [one.refused] : []));
    const writes = given.flatMap((one) => one.write ?? []);
    const documents = given.flatMap((one) => one.documents ?? []);
    const response = signActivationResponse(
      {
        nonce: request.nonce,
        signingKey: opened.value.agent.signingKey,
        issued: situation.at.wall,
        documents: distinct(documents),
        refusals,
      },
      { publicKey: signingKeys.publicKey, secretKey: signingKeys.secretKey },
      primitives,
    );
    return response === undefined ? err(TOO_LARGE) : ok({ bytes: response, refusals, writes });
  }

  #give(
    license: LicenseId,
    hash: Uint8Array,
    { request, agent }: SignedRequest,
    { at, effects }: Situation,
  ): Given {
    const { children, maker } = this.#parts;
    const record = children.get(license);
    const refused = refuseCaller(record, agent, request.kind === 'activate');
    if (record === undefined || refused !== undefined) {
      return { refused: { license, ...(refused ?? UNKNOWN) } };
    }
    const { hostName, version } = request;
    const isNew = record.caller === null;
    const called: ChildRecord = { ...record, caller: { agent, hostName, version }, seen: at.wall };
    const taken = takeWord(called, hash, at.wall);
    if (taken.state === 'removed' && taken.taken > taken.changed) return this.#part(taken);
    if (isFresh(taken, hash, at.wall) && maker.isCurrent(taken, at.wall)) {
      children.put(taken);
      return { documents: [], write: childWrite(taken) };
    }
    const made = maker.make(taken, at.wall);
    if (!made.ok) {
      const sentence = `The parent cannot pass its license on now: ${makingWords(made.error)}. Its administrator has to see to it.`;
      return { refused: { license, code: 'other', sentence } };
    }
    children.put(made.value.record);
    const { account } = record.terms;
    const note = { child: license, account, hostName } as const;
    if (isNew) effects.push({ kind: 'note', note: { kind: 'child-activated', ...note } });
    const hasTaken = taken.taken > record.changed && record.taken <= record.changed;
    if (hasTaken) effects.push({ kind: 'note', note: { kind: 'child-taken', ...note } });
    return { documents: made.value.documents, write: childWrite(made.value.record) };
  }

  /** It has heard that it is removed, and lends nothing any more: all is over. */
  #part(record: ChildRecord): Given {
    const { children } = this.#parts;
    children.remove(record.id);
    return { documents: [], write: { key: childKey(record.id), value: null } };
  }

  /** The child gives its license back: it lends no seat of it any more, and another agent may. */
  #takeBack(
    license: LicenseId,
    { agent }: SignedRequest,
    receipts: readonly Uint8Array[],
    wall: EpochSeconds,
  ): Given {
    const { children, maker } = this.#parts;
    const record = children.get(license);
    // Asked once more, or removed since: it has nothing that could be taken back.
    if (record === undefined || !isCaller(record, agent)) return { documents: [] };
    const isGiven = receipts.some((bytes) => this.#isReceipt(bytes, record, agent));
    if (!isGiven) {
      // What was lost on the way: with it the child can give it back anew.
      const made = maker.make(record, wall);
      if (!made.ok) return { refused: { license, ...NO_RECEIPT } };
      children.put(made.value.record);
      const { documents } = made.value;
      return {
        refused: { license, ...NO_RECEIPT },
        documents,
        write: childWrite(made.value.record),
      };
    }
    const back: ChildRecord = { ...record, caller: null, promises: [], taken: record.number };
    children.put(back);
    return { documents: [], write: childWrite(back) };
  }

  /** Only of the last that was promised: an older receipt was for an earlier time. */
  #isReceipt(bytes: Uint8Array, { id, promises }: ChildRecord, agent: AgentKeys): boolean {
    const opened = openReceipt(bytes, this.#parts.primitives);
    if (!opened.ok || !equalBytes(opened.value.signer, agent.signingKey)) return false;
    const { receipt } = opened.value;
    const isNamed = promises.some(({ hash }) => equalBytes(hash, receipt.activationHash));
    return receipt.license === id && isNamed;
  }
}

const UNKNOWN = {
  code: 'unknown-license',
  sentence: 'This agent has no such child license: it may have been removed.',
} as const;
const NO_RECEIPT = {
  code: 'other',
  sentence:
    'The receipt is not of the last text of this license, which comes with this answer: give it back once more.',
} as const;
const BAD_CALL: CallRefusal = {
  code: 'bad-request',
  sentence: 'This is no request that was signed by an agent.',
};
const TOO_LARGE: CallRefusal = {
  code: 'too-large',
  sentence: 'The answer is longer than one call may carry: ask for fewer licenses at a time.',
};
const UNWRITTEN: CallRefusal = {
  code: 'unavailable',
  sentence: 'The parent cannot write to its disk, so it promises nothing. Try again later.',
};

/** Whether it is active on this agent. */
const isCaller = ({ caller }: ChildRecord, agent: AgentKeys): boolean =>
  caller !== null &&
  equalBytes(caller.agent.signingKey, agent.signingKey) &&
  equalBytes(caller.agent.boxKey, agent.boxKey);

/** Why this agent is not given this license. */
const refuseCaller = (
  record: ChildRecord | undefined,
  agent: AgentKeys,
  isActivation: boolean,
): { readonly code: ActivationRefusal; readonly sentence: string } | undefined => {
  if (record === undefined) return UNKNOWN;
  const { caller, state } = record;
  if (caller === null) {
    // One for a computer is active there before it calls for the first time.
    const isOpen = state !== 'removed' && (isActivation || record.terms.hostCode !== null);
    return isOpen ? undefined : UNKNOWN;
  }
  if (isCaller(record, agent)) return undefined;
  const where = caller.hostName === '' ? 'another computer' : caller.hostName;
  return { code: 'agents-taken', sentence: `It is active on ${where}: give it back there first.` };
};

/** What it has is the newest and was made not long ago: it only gives its word for it. */
const isFresh = (record: ChildRecord, hash: Uint8Array, wall: EpochSeconds): boolean => {
  const last = record.promises.at(-1);
  const isLast = last !== undefined && equalBytes(last.hash, hash);
  // Numbers are dates, but where several are made in one second.
  return isLast && isUpToDate(record) && wall - last.number < FRESH_SECONDS;
};

/** Several children may have most of their chain in common. */
const distinct = (documents: readonly Uint8Array[]): readonly Uint8Array[] => [
  ...new Map(documents.map((one) => [bytesToHex(one), one])).values(),
];
