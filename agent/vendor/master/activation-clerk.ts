/** What people do about activations: free a place, decide on a request, bring a file. */

import { openActivationResponse } from '../../../protocol/activation-response.ts';
import { armor } from '../../../protocol/armor.ts';
import { bytesToHex } from '../../../protocol/bytes.ts';
import { readCarriedCalls } from '../../../protocol/carried-calls.ts';
import type { MasterCall } from '../../../protocol/master-call.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { assert } from '../../../protocol/result.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { Bearer } from './bearer.ts';
import type { Issuer } from './issuer.ts';
import { NO_LICENSE } from './license-clerk.ts';
import type { LicenseFinder } from './license-finder.ts';
import { lineOf } from './license-lineage.ts';
import type { MasterBook } from './master-book.ts';
import {
  type Caller,
  done,
  type MasterOperation,
  type MasterOutcome,
  refused,
  type UploadResult,
} from './master-operations.ts';
import type { Place } from './place.ts';
import type { RequestDesk } from './request-desk.ts';

type Of<K extends MasterOperation['kind']> = Extract<MasterOperation, { kind: K }>;

/** Requests in one file. */
const CALLS_MAX = 16;

export interface ActivationClerkParts {
  readonly book: MasterBook;
  readonly issuer: Issuer;
  readonly primitives: Primitives;
  readonly finder: LicenseFinder;
  readonly desk: RequestDesk;
}

export class ActivationClerk {
  readonly #parts: ActivationClerkParts;

  constructor(parts: ActivationClerkParts) {
    this.#parts = parts;
  }

  /** A computer is gone for good: the license may be activated on another. */
  free(asked: Of<'activation-free'>, caller: Caller, now: EpochSeconds): MasterOutcome {
    const { book, issuer, desk, finder } = this.#parts;
    const { license, agent, reason } = asked;
    const issued = book.licenses.get(license);
    if (issued === undefined) return refused('unknown', NO_LICENSE);
    const fault = issuer.fault('standings', now);
    if (fault !== undefined) return refused('unavailable', fault);
    const found = lineOf(book, issued)
      .flatMap((id) => book.placesOf(id))
      .filter((place) => place.state === 'active' && this.#isNamed(place, agent));
    const agents = new Set(found.map((place) => bytesToHex(place.agent)));
    if (agents.size === 0) return refused('unknown', `It is not active on ${agent}.`);
    if (agents.size > 1) {
      return refused(
        'ambiguous',
        `Several computers are called ${agent}: name the agent by its key id.`,
      );
    }
    for (const place of found) {
      desk.granting.free(place, 'freed', now, reason);
      const known = book.agents.get(bytesToHex(place.agent));
      // On a new computer it may begin anew.
      if (known !== undefined) book.agents.put({ ...known, host: null });
      const detail = `freed from ${place.hostName} (${finder.agentName(place.agent)}): ${reason}`;
      this.#tell('freed', caller, now, place.license, detail);
    }
    return done(
      `It may be activated on another computer; ${agent} hears of it when it asks next, and lends until then or until its activation ends.`,
    );
  }

  decide(asked: Of<'request-decide'>, caller: Caller, now: EpochSeconds): MasterOutcome {
    const { book, finder, desk } = this.#parts;
    const { license, agent, decision, reason } = asked;
    const found = [...book.petitions.values()].filter(
      (one) =>
        one.license === license &&
        (finder.agentName(one.agent) === agent || one.hostName === agent),
    );
    const [petition, ...more] = found;
    if (petition === undefined) return refused('unknown', 'Nobody has asked for that.');
    if (more.length > 0) {
      return refused(
        'ambiguous',
        `Several computers are called ${agent}: name the agent by its key id.`,
      );
    }
    book.petitions.put({ ...petition, decision, reason });
    desk.granting.forgetAnswer(petition.agent);
    const detail = `${decision} for ${petition.hostName} (${finder.agentName(petition.agent)})`;
    this.#tell('petition', caller, now, license, reason === '' ? detail : `${detail}: ${reason}`);
    return done(`${decision}: ${petition.hostName} hears of it when it asks next.`);
  }

  /** Answers each request in a text, with the receipts that stand behind it. */
  upload({ text, approves }: Of<'upload'>, caller: Caller, now: EpochSeconds): MasterOutcome {
    const calls = readCarriedCalls(text, this.#parts.primitives);
    if (calls === undefined) {
      return refused(
        'wrong',
        'A block in the text is cut short or damaged, or a receipt has no request.',
      );
    }
    if (calls.length === 0) return refused('wrong', 'The text holds no activation request.');
    if (calls.length > CALLS_MAX) {
      return refused(
        'wrong',
        `The text holds more than ${CALLS_MAX} requests: bring fewer at a time.`,
      );
    }
    const { name, from, customer } = caller;
    const bearer: Bearer = {
      customer,
      mayActivate: true,
      approves: approves && customer === null,
      from: `${name} at ${from}`,
    };
    return { kind: 'uploaded', results: calls.map((call) => this.#answer(call, bearer, now)) };
  }

  #answer(call: MasterCall, bearer: Bearer, now: EpochSeconds): UploadResult {
    const { desk, primitives } = this.#parts;
    const answered = desk.answer(call, bearer, now);
    if (!answered.ok) return { response: null, refusals: 0, sentences: [answered.error.sentence] };
    const opened = openActivationResponse(answered.value, primitives);
    assert(opened.ok, 'a response that nobody would read');
    const { refusals, documents } = opened.value.response;
    const sentences = refusals.map(
      ({ license, code, sentence }) => `${license}: ${sentence} (${code})`,
    );
    const good = documents.length === 1 ? '1 document' : `${documents.length} documents`;
    return {
      response: armor('response', answered.value, primitives),
      refusals: refusals.length,
      sentences: [`The answer brings ${good}.`, ...sentences],
    };
  }

  #isNamed({ agent, hostName }: Place, name: string): boolean {
    return hostName === name || this.#parts.finder.agentName(agent) === name;
  }

  #tell(
    kind: 'freed' | 'petition',
    { name, from }: Caller,
    at: EpochSeconds,
    license: Place['license'],
    detail: string,
  ): void {
    this.#parts.book.tell({ at, kind, who: `${name}, from ${from}`, license, detail });
  }
}
