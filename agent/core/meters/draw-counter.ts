/** Where countable allowances are drawn: durably, and once for each draw id. */

import { DRAW_ID_SIZE } from '../../../protocol/limits.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { Request } from '../../../protocol/requests.ts';
import { assert, unreachable } from '../../../protocol/result.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { Counters } from '../counters.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { LicenseShelf, ShelvedLicense } from '../licenses/license-shelf.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import { askerOf } from '../rules/rule-book.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import { type Hearing, refusal, type Speaker } from '../sessions/speaker.ts';
import type { Site } from '../site/site.ts';
import type { DrawPlan, MeterLedger, MeterSource } from './meter-ledger.ts';

type Draw = Extract<Request, { kind: 'draw' }>;
type NewDraw = Extract<DrawPlan, { kind: 'draw' }>;

export interface DrawCounterParts {
  readonly shelf: LicenseShelf;
  readonly judge: LicenseJudge;
  readonly meters: MeterLedger;
  readonly rules: RuleBook;
  readonly sessions: SessionTable;
  readonly commits: CommitQueue;
  readonly counters: Counters;
  readonly speaker: Speaker;
  /** It shares allowances among its members. */
  readonly site: Pick<Site, 'draws'> | undefined;
}

export class DrawCounter {
  readonly #parts: DrawCounterParts;

  constructor(parts: DrawCounterParts) {
    this.#parts = parts;
  }

  draw(slot: number, request: Draw, hearing: Hearing): void {
    const { meters, speaker } = this.#parts;
    const sources = this.#sources(slot, request, hearing);
    if (typeof sources === 'string' && !meters.hasDrawn(request.drawId)) {
      return this.#refuse(slot, request, sources, hearing);
    }
    // What was drawn stays drawn, though its license has ended since.
    const present = typeof sources === 'string' ? [] : sources;
    const allowances = present.map((one) => this.#allowanceOf(one, request.meter));
    const plan = meters.plan(request.drawId, request.amount, allowances);
    switch (plan.kind) {
      case 'under-way':
        return;
      case 'conflict':
        return this.#refuse(slot, request, 'draw-conflict', hearing);
      case 'empty':
        // It is asked for again while others may have more.
        if (this.#awaits(request, plan.left, allowances, hearing)) return;
        return this.#refuse(slot, request, 'meter-empty', hearing);
      case 'drawn-before':
        return speaker.reply(slot, this.#drawn(request, plan), hearing);
      case 'draw':
        this.#parts.site?.draws.decided(request.drawId);
        return this.#commit(slot, request, plan, hearing);
      default:
        return unreachable(plan);
    }
  }

  #allowanceOf({ license }: ShelvedLicense, meter: string): MeterSource {
    const licensed = license.meters.find(({ name }) => name === meter)?.allowance ?? 0;
    const { site } = this.#parts;
    const shared = site?.draws.allowanceOf(license.id, meter, licensed) ?? licensed;
    return { licenseId: license.id, meter, allowance: shared };
  }

  #awaits(
    { drawId, amount }: Draw,
    left: number,
    sources: readonly MeterSource[],
    { at }: Hearing,
  ): boolean {
    return this.#parts.site?.draws.awaits(drawId, amount - left, sources, at.mono) ?? false;
  }

  /** The licenses that a draw may take from, or why there are none. */
  #sources(
    slot: number,
    { product, meter, holder }: Draw,
    { at, host }: Hearing,
  ): readonly ShelvedLicense[] | RefusalCode {
    const { shelf, judge, rules, sessions } = this.#parts;
    const address = sessions.endpoint(slot)?.address ?? null;
    const target = { product, class: null };
    if (rules.current.excludes(askerOf(holder, address), target) !== undefined) return 'excluded';
    const licenses = shelf.ofProduct(product);
    const [first] = licenses;
    if (first === undefined) return 'no-license';
    const metered = licenses.filter(({ license }) =>
      license.meters.some(({ name }) => name === meter),
    );
    if (metered.length === 0) return 'no-meter';
    const standings = metered.map((one) => judge.standing(one, at.wall, host).refusal);
    const lending = metered.filter((_, i) => standings[i] === undefined);
    return lending.length > 0 ? lending : (standings[0] ?? 'no-meter');
  }

  #refuse(slot: number, { id, product, holder }: Draw, code: RefusalCode, hearing: Hearing): void {
    const { counters, speaker } = this.#parts;
    counters.add(`refused ${code}`);
    hearing.effects.push({ kind: 'note', note: { kind: 'draw-refused', code, product, holder } });
    speaker.reply(slot, refusal(id, code), hearing);
  }

  #drawn({ id }: Draw, { left, parts }: Pick<NewDraw, 'left' | 'parts'>) {
    const documents = parts.flatMap(({ licenseId }) => {
      return this.#parts.shelf.get(licenseId)?.proofHash ?? [];
    });
    return { kind: 'drawn', id, left, documents } as const;
  }

  #commit(slot: number, request: Draw, plan: NewDraw, hearing: Hearing): void {
    const { meters, commits, counters, speaker, sessions, site } = this.#parts;
    const { from, size } = hearing;
    const drawId = request.drawId.slice();
    assert(drawId.length === DRAW_ID_SIZE, 'a draw id of another size');
    const clientKey = sessions.clientKey(slot).slice();
    /** Its session may be over by then. */
    const say = (reply: Parameters<Speaker['send']>[1], effects: Hearing['effects']): void => {
      if (sessions.find(clientKey) === slot) speaker.send(slot, reply, from, size, effects);
    };
    const { product, meter, amount, holder } = request;
    const settle = ({ effects }: Pick<Hearing, 'effects'>): void => {
      meters.apply(drawId);
      counters.add('drawn');
      const { left } = plan;
      effects.push({ kind: 'note', note: { kind: 'drawn', product, meter, amount, left, holder } });
      say(this.#drawn(request, plan), effects);
    };
    const fail = ({ effects }: Pick<Hearing, 'effects'>): void => {
      meters.abandon(drawId);
      site?.draws.failed(drawId, meter, plan.parts);
      counters.add('refused store-failing');
      say(refusal(request.id, 'store-failing'), effects);
    };
    hearing.effects.push(
      commits.commit(plan.writes, { kind: 'rare', settle, fail }, plan.onFailure),
    );
  }
}
