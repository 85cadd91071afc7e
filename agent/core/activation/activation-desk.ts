/** Does what an administrator asks about activating licenses: by a call or by files. */

import { openActivationResponse } from '../../../protocol/activation-response.ts';
import { armor, dearmor } from '../../../protocol/armor.ts';
import { keyId } from '../../../protocol/ids.ts';
import { REFUSALS } from '../../../protocol/refusal.ts';
import { err, ok, type Result } from '../../../protocol/result.ts';
import type { Change } from '../change-queue.ts';
import type { HostKeeper } from '../host/host-keeper.ts';
import { waysToActivate } from '../licenses/license-advice.ts';
import { findLicense } from '../licenses/license-desk.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';
import { type Outcome, refuseOperation } from '../operations.ts';
import type { Situation } from '../situation.ts';
import { ActivationIntake } from './activation-intake.ts';
import type { ActivationOperation, ActivationOutcome } from './activation-operations.ts';
import { groupByVendor } from './activation-requests.ts';
import type { Credentials } from './credentials.ts';
import { needsNone } from './emergency-desk.ts';
import {
  landIntake,
  type MasterCalls,
  type MasterCallsParts,
  type PlannedCall,
} from './master-calls.ts';
import type { MasterView } from './master-view.ts';
import { noResponse, refuseResponse, UNANSWERED } from './response-faults.ts';

export interface ActivationDeskParts extends MasterCallsParts {
  readonly judge: LicenseJudge;
  readonly hosts: HostKeeper;
  readonly calls: MasterCalls;
}

type DeskOperation = Extract<
  ActivationOperation,
  {
    kind: 'license-activate' | 'license-request' | 'license-response' | 'license-refresh';
  }
>;

export class ActivationDesk {
  readonly #parts: ActivationDeskParts;

  constructor(parts: ActivationDeskParts) {
    this.#parts = parts;
  }

  /** The outcome, or `undefined` when it is among the effects of a later step. */
  perform(number: number, operation: DeskOperation, situation: Situation): Outcome | undefined {
    const { changes } = this.#parts;
    switch (operation.kind) {
      case 'license-activate':
        return this.#activate(number, operation.ids, operation.credentials, situation);
      case 'license-refresh':
        return this.#refresh(number, operation.ids, situation);
      case 'license-request':
        return changes.make(number, (at) => this.#request(operation.ids, at), situation);
      case 'license-response':
        return changes.make(number, () => this.#load(operation.text), situation);
    }
  }

  #activate(
    number: number,
    ids: readonly string[],
    credentials: Credentials | null,
    situation: Situation,
  ): Outcome | undefined {
    const found = this.#wanted(ids, situation);
    if (!found.ok) return found.error;
    const finish = (outcome: ActivationOutcome): Outcome => {
      return { kind: 'license-activate', ...outcome };
    };
    // Who names none means those that can be activated so.
    const callable = ids.length > 0 ? [] : found.value.filter((one) => masterOf(one) !== '');
    const wanted = callable.length > 0 ? callable : found.value;
    return this.#call(number, wanted, credentials, 'activate', finish, situation);
  }

  #refresh(number: number, ids: readonly string[], situation: Situation): Outcome | undefined {
    const found = ids.length === 0 ? ok(this.refreshable()) : this.#named(ids);
    if (!found.ok) return found.error;
    const finish = (outcome: ActivationOutcome): Outcome => {
      return { kind: 'license-refresh', ...outcome };
    };
    if (found.value.length === 0) {
      return refuseOperation('no-master', 'No license here names a master that could be asked.');
    }
    return this.#call(number, found.value, null, 'refresh', finish, situation);
  }

  /** Licenses about which a master can be asked. */
  refreshable(): readonly ShelvedLicense[] {
    const { shelf, activations } = this.#parts;
    return [...shelf.all()].filter((one) => {
      const { receipt, returning } = activations.record(one.license.id);
      const isHere = one.successor === undefined && receipt === null && returning === null;
      return isHere && masterOf(one) !== '';
    });
  }

  /** How the masters stand that licenses here name. */
  masters(): readonly MasterView[] {
    return this.#parts.calls.masters(this.refreshable().map(masterOf));
  }

  /** Refreshes everything that there is to refresh, when nobody has asked for it. */
  refreshByItself(situation: Situation): void {
    const { calls } = this.#parts;
    const finish = (outcome: ActivationOutcome): Outcome => ({
      kind: 'license-refresh',
      ...outcome,
    });
    const papers = [
      ...this.#papers(this.refreshable(), 'refresh', situation),
      ...this.untold(situation),
    ];
    if (papers.length > 0) calls.make(0, papers, null, finish, situation);
  }

  /** Calls that give back what was given back and no master has heard of. */
  untold({ at }: Situation, only?: ShelvedLicense): readonly PlannedCall[] {
    const { shelf, activations, requests } = this.#parts;
    const returned = [...(only === undefined ? shelf.all() : [only])].filter((one) => {
      const { receipt, told } = activations.record(one.license.id);
      return receipt !== null && !told && masterOf(one) !== '';
    });
    return groupByVendor(returned, masterOf).map((group) => ({
      master: masterOf(group[0]),
      paper: requests.make('return', group, at.wall),
      receipts: group.flatMap(({ license }) => activations.record(license.id).receipt ?? []),
    }));
  }

  #papers(
    licenses: readonly ShelvedLicense[],
    kind: 'activate' | 'refresh',
    { at }: Situation,
  ): readonly PlannedCall[] {
    return groupByVendor(licenses, masterOf).map((group) => ({
      master: masterOf(group[0]),
      paper: this.#parts.requests.make(kind, group, at.wall),
      receipts: [],
    }));
  }

  #call(
    number: number,
    licenses: readonly ShelvedLicense[],
    credentials: Credentials | null,
    kind: 'activate' | 'refresh',
    finish: (outcome: ActivationOutcome) => Outcome,
    situation: Situation,
  ): Outcome | undefined {
    const without = licenses.find((one) => masterOf(one) === '');
    if (without !== undefined) {
      const { id } = without.license;
      return refuseOperation(
        'no-master',
        `License ${id} names no master. ${waysToActivate(without.license)}`,
      );
    }
    const elsewhere = this.#refuseHost();
    if (elsewhere !== undefined) return elsewhere;
    const papers = this.#papers(licenses, kind, situation);
    this.#parts.calls.make(number, papers, credentials, finish, situation);
    return undefined;
  }

  /** What is bound to another computer must not bind anything to this one. */
  #refuseHost(): Outcome | undefined {
    if (this.#parts.hosts.otherHost(undefined) === undefined) return undefined;
    const { sentence, administrator } = REFUSALS['wrong-host'];
    return refuseOperation('wrong-host', `${sentence} ${administrator}`);
  }

  #named(ids: readonly string[]): Result<readonly ShelvedLicense[], Outcome> {
    const found = new Set<ShelvedLicense>();
    for (const id of ids) {
      const one = findLicense(this.#parts.shelf, id);
      if (!one.ok) return one;
      if (one.value.license.activation === null) return err(needsNone(one.value.license));
      found.add(one.value);
    }
    return ok([...found]);
  }

  /** Licenses that were named or, where none were, all that wait for an activation. */
  #wanted(
    ids: readonly string[],
    { at, host }: Situation,
  ): Result<readonly [ShelvedLicense, ...ShelvedLicense[]], Outcome> {
    const { shelf, judge, activations } = this.#parts;
    const waiting = (one: ShelvedLicense): boolean => {
      const { state } = judge.standing(one, at.wall, host);
      return state === 'installed' || state === 'emergency';
    };
    // What was given back from here is wanted elsewhere, unless it is the only one.
    const isHere = ({ license }: ShelvedLicense): boolean =>
      activations.record(license.id).receipt === null;
    const all = [...shelf.all()].filter(waiting);
    const here = all.filter(isHere);
    const found = ids.length === 0 ? ok(here.length > 0 ? here : all) : this.#named(ids);
    if (!found.ok) return found;
    const [first, ...others] = found.value;
    return first === undefined
      ? err(refuseOperation('already-active', 'No license here waits for an activation.'))
      : ok([first, ...others]);
  }

  #request(ids: readonly string[], situation: Situation): Change | Outcome {
    const { requests, primitives } = this.#parts;
    const found = this.#wanted(ids, situation);
    if (!found.ok) return found.error;
    const elsewhere = this.#refuseHost();
    if (elsewhere !== undefined) return elsewhere;
    const papers = groupByVendor(found.value).map((group) =>
      requests.make('activate', group, situation.at.wall),
    );
    for (const paper of papers) requests.carry(paper);
    const views = papers.map(({ vendor, licenses, bytes }) => ({
      vendor: keyId(primitives.sha512, vendor),
      licenses,
      text: armor('request', bytes, primitives),
    }));
    return {
      kind: 'change',
      writes: [requests.write()],
      onFailure: [requests.write()],
      apply: () => ({ kind: 'license-request', requests: views }),
    };
  }

  #load(text: string): Change | Outcome {
    const { primitives, requests, calls } = this.#parts;
    const blocks = dearmor('response', text, primitives);
    if (blocks.length === 0) {
      const isRequest = dearmor('request', text, primitives).length > 0;
      return isRequest ? UNANSWERED : noResponse('No response block was found');
    }
    const intake = new ActivationIntake(this.#parts);
    for (const block of blocks) {
      if (!block.ok) return noResponse(`The response block is ${block.error}`);
      const opened = openActivationResponse(block.value, primitives);
      if (!opened.ok && opened.error === 'newer-format') {
        return noResponse('The response is of a newer format: update this agent');
      }
      if (!opened.ok) return refuseResponse('forged-response');
      const made = requests.match(opened.value);
      if (!made.ok) return refuseResponse(made.error);
      const fault = intake.take(opened.value, made.value);
      if (fault !== undefined) return refuseResponse(fault);
    }
    return {
      kind: 'change',
      writes: intake.writes,
      onFailure: intake.onFailure,
      apply: (later) => {
        landIntake(this.#parts, intake, later);
        const outcome = calls.outcomeOf({ results: [...intake.results], failures: [] }, later);
        return { kind: 'license-response', ...outcome };
      },
    };
  }
}

/** Where its master answers; empty for none. */
const masterOf = ({ license }: ShelvedLicense): string => license.activation?.master ?? '';
