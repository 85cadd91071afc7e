/**
 * The calls to masters that are under way. Each belongs to an errand: what an administrator has asked
 * for, or the agent by itself; it is over when all its calls are.
 */

import {
  type ActivationResponse,
  openActivationResponse,
} from '../../../protocol/activation-response.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import { encodeMasterCall } from '../../../protocol/master-call.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { type Change, type ChangeQueue, OWN_CHANGE } from '../change-queue.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { LicenseViewer } from '../licenses/license-viewer.ts';
import { type Outcome, refuseOperation } from '../operations.ts';
import type { Allowance } from '../seats/allowance.ts';
import type { Situation } from '../situation.ts';
import { majorOf } from '../version-words.ts';
import { ActivationIntake, type IntakeFault, type TakenLicense } from './activation-intake.ts';
import type { ActivationLedger } from './activation-ledger.ts';
import type { ActivationOutcome } from './activation-operations.ts';
import type { ActivationRequests, RequestPaper } from './activation-requests.ts';
import type { Credentials } from './credentials.ts';
import type { MasterAnswer, MasterFailure } from './master-answer.ts';
import type { MasterView } from './master-view.ts';
import { Masters } from './masters.ts';

export interface MasterCallsParts {
  readonly primitives: Primitives;
  readonly version: string;
  readonly shelf: LicenseShelf;
  readonly viewer: LicenseViewer;
  readonly activations: ActivationLedger;
  readonly requests: ActivationRequests;
  readonly allowance: Allowance;
  readonly changes: ChangeQueue;
  readonly commits: CommitQueue;
}

/** A call to be made. */
export interface PlannedCall {
  readonly master: string;
  readonly paper: RequestPaper;
  readonly receipts: readonly Uint8Array[];
}

interface Errand {
  /** Of the operation; `OWN_CHANGE` where nobody waits for it. */
  readonly number: number;
  readonly finish: (outcome: ActivationOutcome, situation: Situation) => Outcome;
  /** Calls without an answer. */
  waiting: number;
  readonly results: TakenLicense[];
  readonly failures: MasterFailure[];
}

interface Call extends PlannedCall {
  readonly errand: Errand;
}

/** What a person is told of an answer that cannot be taken in. */
const UNUSABLE: Readonly<Record<IntakeFault, string>> = {
  'forged-response': 'What it answered is not signed by the vendor of the license.',
  'other-vendor': 'It answered for another vendor than that of the license.',
  'other-agent': 'It answered for another agent.',
  'shelf-full': 'It sent more licenses than this agent can hold: remove old ones first.',
};

export class MasterCalls {
  readonly #parts: MasterCallsParts;
  readonly #calls = new Map<number, Call>();
  #numbers = 0;
  readonly #masters = new Masters();
  /** Masters whose version was told of. */
  readonly #told = new Set<string>();

  constructor(parts: MasterCallsParts) {
    this.#parts = parts;
  }

  /** Whether a master did not answer when it was asked last. */
  get isSilent(): boolean {
    return this.#masters.areSilent;
  }

  /** How the masters at these addresses stand. */
  masters(named: Iterable<string>): readonly MasterView[] {
    return this.#masters.view(named);
  }

  /** Makes calls, when their numbers are on the disk; the errand is answered when all are over. */
  make(
    number: number,
    planned: readonly PlannedCall[],
    credentials: Credentials | null,
    finish: Errand['finish'],
    { effects }: Pick<Situation, 'effects'>,
  ): void {
    const { commits, requests } = this.#parts;
    const errand = { number, finish, waiting: planned.length, results: [], failures: [] };
    const settle = (later: Situation): void => {
      for (const call of planned) {
        const callNumber = ++this.#numbers;
        this.#calls.set(callNumber, { ...call, errand });
        const { master: url, paper, receipts } = call;
        const body = encodeMasterCall({ request: paper.bytes, receipts });
        later.effects.push({ kind: 'ask-master', number: callNumber, url, body, credentials });
      }
    };
    const fail = ({ effects: later, storeTrouble }: Situation): void => {
      const outcome = refuseOperation('store-failing', storeTrouble ?? 'The disk is full.');
      if (number !== OWN_CHANGE) later.push({ kind: 'answer', number, outcome });
    };
    effects.push(commits.commit([requests.write()], { kind: 'rare', settle, fail }));
  }

  /** Takes up what a master has answered, or that it has not. */
  answered(number: number, answer: MasterAnswer, situation: Situation): void {
    const call = this.#calls.get(number);
    if (call === undefined) return;
    this.#calls.delete(number);
    const { errand, master } = call;
    errand.waiting--;
    this.#hear(master, answer, situation);
    const isLast = errand.waiting === 0;
    const operation = isLast ? errand.number : OWN_CHANGE;
    const decide = (later: Situation): Change | Outcome =>
      this.#decide(call, answer, isLast, later);
    // One after the other: what the last one answers for the errand knows of all before it.
    const outcome = this.#parts.changes.make(operation, decide, situation);
    if (outcome !== undefined && operation !== OWN_CHANGE) {
      situation.effects.push({ kind: 'answer', number: operation, outcome });
    }
  }

  /** An unreachable master changes nothing, and is told of once. */
  #hear(master: string, answer: MasterAnswer, { clock, effects }: Situation): void {
    const before = this.#masters.hear(master, answer, clock);
    const [{ standing, failure } = {}] = this.#masters.view([master]);
    if (standing === 'silent' && before !== 'silent') {
      const note = { kind: 'master-silent', master, sentence: failure?.sentence ?? '' } as const;
      effects.push({ kind: 'note', note });
    }
    if (standing !== 'silent' && before === 'silent') {
      effects.push({ kind: 'note', note: { kind: 'master-answers', master } });
    }
    const { version: ours } = this.#parts;
    const theirs = answer.version;
    if (theirs === null || majorOf(theirs) === majorOf(ours)) return;
    const key = `${master} ${theirs}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    effects.push({ kind: 'note', note: { kind: 'version-differs', master, theirs, ours } });
  }

  #decide(call: Call, answer: MasterAnswer, isLast: boolean, at: Situation): Change | Outcome {
    const { errand, master, paper } = call;
    const finish = (later: Situation): Outcome =>
      isLast ? errand.finish(this.outcomeOf(errand, later), later) : NOTHING;
    const read = answer.ok ? this.#read(answer.bytes, paper) : answer;
    if (!read.ok) {
      const { code, sentence } = read;
      this.#masters.fail(master, { at: at.clock, code, sentence });
      errand.failures.push({ master, code, sentence });
      return finish(at);
    }
    const { intake } = read;
    return {
      kind: 'change',
      writes: intake.writes,
      onFailure: intake.onFailure,
      apply: (later) => {
        landIntake(this.#parts, intake, later);
        errand.results.push(...intake.results);
        return finish(later);
      },
    };
  }

  #read(
    bytes: Uint8Array,
    paper: RequestPaper,
  ):
    | { readonly ok: true; readonly intake: ActivationIntake }
    | Extract<MasterAnswer, { ok: false }> {
    const unusable = (sentence: string) =>
      ({ ok: false, code: 'not-a-master', sentence, version: null }) as const;
    const opened = openActivationResponse(bytes, this.#parts.primitives);
    if (!opened.ok) {
      return unusable(
        opened.error === 'newer-format'
          ? 'Its answer is of a newer format than this version of Usher reads: update this agent.'
          : UNUSABLE['forged-response'],
      );
    }
    const { response } = opened.value;
    if (!this.#isFor(response, paper)) return unusable(UNUSABLE['other-agent']);
    const intake = new ActivationIntake(this.#parts);
    const fault = intake.take(opened.value, paper);
    return fault === undefined ? { ok: true, intake } : unusable(UNUSABLE[fault]);
  }

  #isFor({ nonce, signingKey }: ActivationResponse, paper: RequestPaper): boolean {
    const { agent } = this.#parts.activations;
    return equalBytes(nonce, paper.nonce) && equalBytes(signingKey, agent.signingKey);
  }

  /** What came of an errand, with the licenses as they are now. */
  outcomeOf(
    { results, failures }: Pick<Errand, 'results' | 'failures'>,
    situation: Situation,
  ): ActivationOutcome {
    const { shelf, viewer } = this.#parts;
    const viewed = results.map((one) => {
      const shelved = shelf.get(one.license);
      return { ...one, view: shelved === undefined ? null : viewer.view(shelved, situation) };
    });
    return { results: viewed, failures };
  }
}

/** The outcome that nobody is told. */
const NOTHING = refuseOperation('no-match', '');

/** Makes true what was taken in, and tells of it. */
export const landIntake = (
  { allowance, shelf }: Pick<MasterCallsParts, 'allowance' | 'shelf'>,
  intake: ActivationIntake,
  { at, effects }: Situation,
): void => {
  const added = intake.apply();
  allowance.changed();
  allowance.keep(at, effects);
  for (const { license } of added) {
    const { id, product } = license;
    effects.push({ kind: 'note', note: { kind: 'license-added', license: id, product } });
  }
  for (const { license, what, sentence } of intake.results) {
    if (what === 'unchanged' || what === 'added') continue;
    const isChild = (shelf.get(license)?.line ?? null) !== null;
    const note = { kind: 'license-changed', license, what, sentence, isChild } as const;
    effects.push({ kind: 'note', note });
  }
};
