/**
 * Answers the requests of agents. A request answered twice gets the same answer; an older one than
 * the last that was answered is refused; whoever got no answer asks again.
 */

import { openActivationRequest, type SignedRequest } from '../../../protocol/activation-request.ts';
import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import type { CallRefusal, CallRefusalCode, MasterCall } from '../../../protocol/master-call.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { err, ok, type Result, unreachable } from '../../../protocol/result.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import { AnswerSheet } from './answer-sheet.ts';
import { type Bearer, whoAsks } from './bearer.ts';
import { Granting } from './granting.ts';
import type { Issuer } from './issuer.ts';
import type { KnownAgent } from './known-agent.ts';
import { LicenseNews } from './license-news.ts';
import type { MasterBook } from './master-book.ts';
import { countReturns } from './return-counter.ts';
import { isSameHost } from './same-host.ts';

export interface RequestDeskParts {
  readonly book: MasterBook;
  readonly issuer: Issuer;
  readonly primitives: Primitives;
}

const refuse = (code: CallRefusalCode, sentence: string): Result<never, CallRefusal> =>
  err({ code, sentence });

export class RequestDesk {
  readonly #parts: RequestDeskParts;
  readonly #granting: Granting;
  readonly #news: LicenseNews;

  constructor(parts: RequestDeskParts) {
    this.#parts = parts;
    this.#granting = new Granting(parts.book, parts.issuer);
    this.#news = new LicenseNews(parts, this.#granting);
  }

  get granting(): Granting {
    return this.#granting;
  }

  /** The signed response to a call, or why there is none. */
  answer(call: MasterCall, bearer: Bearer, now: EpochSeconds): Result<Uint8Array, CallRefusal> {
    const { book, issuer, primitives } = this.#parts;
    const opened = openActivationRequest(call.request, primitives);
    if (!opened.ok) {
      return refuse(
        'bad-request',
        'This is no request that was signed by an agent, or a damaged one.',
      );
    }
    const asking = opened.value;
    const fault = issuer.fault('activations', now);
    if (fault !== undefined) return refuse('unavailable', fault);
    const known = book.agents.get(bytesToHex(asking.agent.signingKey));
    const hash = hashDocument(call.request, primitives);
    if (known !== undefined) {
      const isSame = equalBytes(known.request, hash);
      if (isSame && known.answer !== null && !bearer.approves) return ok(known.answer);
      if (!isSame && asking.request.number <= known.number) return refuse('older-request', OLDER);
    }
    if (asking.request.kind === 'activate' && !bearer.mayActivate) {
      return refuse('unauthorized', SIGN_IN);
    }
    return ok(this.#respond(asking, call.receipts, { known, hash, bearer, now }));
  }

  #respond(asking: SignedRequest, receipts: readonly Uint8Array[], facts: Facts): Uint8Array {
    const { book, issuer } = this.#parts;
    const { request, agent } = asking;
    const { known, hash, now } = facts;
    const sheet = new AnswerSheet();
    const isHere = this.#isHere(asking, known);
    if (isHere) this.#fill(sheet, asking, receipts, facts);
    else this.#refuseHost(sheet, asking, facts);
    const answer = issuer.response({
      nonce: request.nonce,
      signingKey: agent.signingKey,
      issued: now,
      documents: sheet.documents,
      refusals: sheet.refusals,
    });
    // Strangers leave nothing behind.
    if (known !== undefined || this.#isKnown(asking)) {
      book.agents.put({
        key: agent.signingKey,
        number: Math.max(request.number, known?.number ?? 0),
        request: hash,
        answer,
        host: isHere ? request.host : (known?.host ?? null),
      });
    }
    return answer;
  }

  #fill(
    sheet: AnswerSheet,
    asking: SignedRequest,
    receipts: readonly Uint8Array[],
    { bearer, now, hash, known }: Facts,
  ): void {
    const { book, primitives } = this.#parts;
    const { revocations } = book;
    if (revocations !== undefined) sheet.add([revocations.bytes]);
    // What has been answered once gives no place a second time: it may have been freed since.
    const isOld = known !== undefined && equalBytes(known.request, hash);
    const { kind: asked } = asking.request;
    const kind = isOld && asked === 'activate' ? 'refresh' : asked;
    switch (kind) {
      case 'activate':
        return this.#news.activate(sheet, asking, bearer, now);
      case 'refresh':
        return this.#news.refresh(sheet, asking, bearer, now);
      case 'return': {
        const desk = { book, granting: this.#granting, primitives };
        for (const license of countReturns(desk, asking, receipts, now, sheet)) {
          const who = whoAsks(asking, bearer);
          book.tell({ at: now, kind: 'returned', who, license, detail: 'returned by its agent' });
        }
        return;
      }
      default:
        return unreachable(kind);
    }
  }

  /** The agent's keys belong to the computer on which they were seen first, and its slow changes. */
  #isHere({ request }: SignedRequest, known: KnownAgent | undefined): boolean {
    const { issuer, primitives } = this.#parts;
    const host = known?.host ?? null;
    return host === null || isSameHost(host, request.host, issuer.root, primitives);
  }

  #refuseHost(sheet: AnswerSheet, asking: SignedRequest, { bearer, now }: Facts): void {
    this.#news.tellEnds(sheet, asking, bearer);
    for (const { license } of asking.request.wanted) {
      sheet.refuse(license, 'other-host', OTHER_HOST);
      if (this.#parts.book.licenses.get(license) === undefined) continue;
      const who = whoAsks(asking, bearer);
      const detail = 'refused: the agent is known from another computer';
      const line = { at: now, kind: 'refused', who, license, detail } as const;
      this.#parts.book.tellSeldom(asking.agent.signingKey, line);
    }
  }

  /** Whether there is anything that it was given, or that somebody has to decide on. */
  #isKnown({ request, agent }: SignedRequest): boolean {
    const { book } = this.#parts;
    const hex = bytesToHex(agent.signingKey);
    return request.wanted.some(({ license }) => {
      const key = `${license}/${hex}`;
      const next = book.licenses.get(license)?.successor;
      return (
        book.places.get(key) !== undefined ||
        book.petitions.get(key) !== undefined ||
        book.places.get(`${next}/${hex}`) !== undefined
      );
    });
  }
}

interface Facts {
  readonly known: KnownAgent | undefined;
  readonly hash: Uint8Array;
  readonly bearer: Bearer;
  readonly now: EpochSeconds;
}

const OLDER =
  'A later request of this agent has been answered already: make a new one, and bring that.';
const SIGN_IN =
  'This vendor wants a name and a password: an account, or a license number with the address of mail it was issued to.';
const OTHER_HOST =
  'The keys of this agent are known from another computer: a copy of its data cannot be activated here.';
