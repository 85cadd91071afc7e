/** An agent on a bench, and a vendor that activates its licenses. */

import type { MasterAnswer } from '../../../../agent/core/activation/master-answer.ts';
import type { Effect } from '../../../../agent/core/effects.ts';
import type { HostMark } from '../../../../agent/core/host/host-mark.ts';
import type { CoreOperation, LicenseView, Outcome } from '../../../../agent/core/operations.ts';
import { armor, dearmor } from '../../../../protocol/armor.ts';
import { licenseId } from '../../../../protocol/ids.ts';
import type { ActivationTerms, License } from '../../../../protocol/license.ts';
import { decodeMasterCall } from '../../../../protocol/master-call.ts';
import { epochSeconds, seconds } from '../../../../protocol/units.ts';
import { ACTIVATION_TERMS } from '../../../plain-license.ts';
import { swiftPrimitives } from '../../../simulation/swift-primitives.ts';
import { type Answer, SmallVendor } from '../../../small-vendor.ts';
import { VENDOR } from '../agent-rig.ts';
import { DeskRig } from '../desk-rig.ts';
import type { StoreModel } from '../store-model.ts';

export const DAY = 86_400;
export const NOW = 1_800_000_000;
export const MASTER = 'http://master.example';

export const idOf = (number: number) => licenseId(new Uint8Array(16).fill(number));

/** A license that asks for activation, with everything that its vendor can allow. */
export const terms = (more: Partial<ActivationTerms> = {}): Partial<License> => ({
  issued: epochSeconds(NOW),
  starts: epochSeconds(NOW),
  activation: {
    ...ACTIVATION_TERMS,
    emergency: { longest: seconds(5 * DAY), window: seconds(30 * DAY) },
    refresh: { every: seconds(40 * DAY), grace: seconds(5 * DAY) },
    master: MASTER,
    ...more,
  },
});

type Call = Extract<Effect, { readonly kind: 'ask-master' }>;

export class ActivationRig {
  desk: DeskRig;
  readonly vendor = new SmallVendor(VENDOR, swiftPrimitives);

  constructor(desk = new DeskRig()) {
    this.desk = desk;
  }

  /** With a license of these terms, number 1. */
  static with(more: Partial<ActivationTerms> = {}, others: Partial<License> = {}): ActivationRig {
    const rig = new ActivationRig();
    rig.desk.license(1, { ...terms(more), ...others });
    return rig;
  }

  get wall(): number {
    return this.desk.rig.wall;
  }

  /** The calendar goes on, and with it the clock; everything that is due by then is done. */
  pass(length: number): readonly Effect[] {
    this.desk.rig.wall += length;
    this.desk.rig.now += length * 1000;
    return this.desk.settle(this.desk.rig.step({ kind: 'wake' }));
  }

  view(number = 1): LicenseView {
    return this.desk.done({ kind: 'license-show', id: idOf(number) }).license;
  }

  state(number = 1): string {
    return this.view(number).state;
  }

  /** The requests that are to be carried. */
  requests(...ids: readonly string[]): readonly Uint8Array[] {
    const { requests } = this.desk.done({ kind: 'license-request', ids });
    return requests.flatMap(({ text }) => blocksOf('request', text));
  }

  request(...ids: readonly string[]): Uint8Array {
    const [first, more] = this.requests(...ids);
    if (first === undefined || more !== undefined) throw new Error('not one request');
    return first;
  }

  load(...responses: readonly Uint8Array[]): Outcome {
    return this.desk.ask({ kind: 'license-response', text: responseText(...responses) });
  }

  /** Why a response is not loaded. */
  refusal(...responses: readonly Uint8Array[]): string {
    const outcome = this.load(...responses);
    return outcome.kind === 'refused' ? outcome.code : 'loaded';
  }

  /** Activates all that wait, by a file. */
  activate(answer: Answer = {}): Outcome {
    return this.load(this.vendor.activate(this.request(), this.wall, answer));
  }

  /** Begins an operation that asks masters. */
  begin(operation: CoreOperation): readonly Effect[] {
    return this.desk.settle(this.desk.rig.operate(operation));
  }

  answer(call: Call, answer: MasterAnswer): readonly Effect[] {
    const { number } = call;
    return this.desk.settle(this.desk.rig.step({ kind: 'master-answered', number, answer }));
  }

  /** Whether somebody who wants a seat gets one, or why not. */
  work(user = 'ann'): string {
    return this.desk.work({ user });
  }

  /** The same agent on what is in the store now, or on another store. */
  restart(store: StoreModel = this.desk.store, marks: readonly HostMark[] = []): void {
    this.desk = this.desk.restart(store, marks);
  }
}

export const responseText = (...responses: readonly Uint8Array[]): string =>
  responses.map((bytes) => armor('response', bytes, swiftPrimitives)).join('\n');

export const blocksOf = (title: 'request' | 'receipt', text: string): readonly Uint8Array[] =>
  dearmor(title, text, swiftPrimitives).flatMap((block) => (block.ok ? block.value : []));

export const callsIn = (effects: readonly Effect[]): readonly Call[] =>
  effects.filter((effect) => effect.kind === 'ask-master');

export const callIn = (effects: readonly Effect[]): Call => {
  const [first, more] = callsIn(effects);
  if (first === undefined || more !== undefined) throw new Error('not one call');
  return first;
};

export const requestIn = ({ body }: Call): Uint8Array => {
  const call = decodeMasterCall(body);
  if (call === undefined) throw new Error('no call');
  return call.request;
};

export const outcomeIn = (effects: readonly Effect[]): Outcome => {
  const [first, more] = effects.filter((effect) => effect.kind === 'answer');
  if (first === undefined || more !== undefined) throw new Error('not one answer');
  return first.outcome;
};

export const answered = (bytes: Uint8Array, version: string | null = null): MasterAnswer => ({
  ok: true,
  bytes,
  version,
});

export const SILENCE: MasterAnswer = {
  ok: false,
  code: 'unreachable',
  sentence: 'Nobody answers.',
  version: null,
};

/** What the log tells, by kind. */
export const notesIn = (effects: readonly Effect[], kind: string): readonly unknown[] =>
  effects.flatMap((effect) =>
    effect.kind === 'note' && effect.note.kind === kind ? effect.note : [],
  );

/** The marks that are to be kept outside the data folder, as they are last. */
export const marksIn = (effects: readonly Effect[]): readonly HostMark[] =>
  effects.flatMap((effect) => (effect.kind === 'keep-marks' ? [effect.marks] : [])).at(-1) ?? [];
