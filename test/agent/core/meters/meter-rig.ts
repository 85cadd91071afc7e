/** Draws, sources and restarts for the tests of the meter ledger. */

import * as assert from 'uvu/assert';
import {
  type DrawPlan,
  MeterLedger,
  type MeterSource,
} from '../../../../agent/core/meters/meter-ledger.ts';
import { DRAW_PREFIX } from '../../../../agent/core/meters/meter-record.ts';
import { type LicenseId, licenseId } from '../../../../protocol/ids.ts';
import type { StoreModel } from '../store-model.ts';

export const LICENSES = [1, 2].map((byte) => licenseId(new Uint8Array(16).fill(byte)));
export const [FIRST = '' as LicenseId, SECOND = '' as LicenseId] = LICENSES;

export const drawId = (number: number): Uint8Array => {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setUint32(0, number);
  return id;
};

/** The two licenses with a meter `pages` each. */
export const sourcesOf = (...allowances: readonly number[]): readonly MeterSource[] =>
  allowances.map((allowance, i) => ({
    licenseId: LICENSES[i] ?? FIRST,
    meter: 'pages',
    allowance,
  }));

export type PlannedDraw = Extract<DrawPlan, { kind: 'draw' }>;

export const planned = (plan: DrawPlan): PlannedDraw => {
  assert.is(plan.kind, 'draw');
  return plan as PlannedDraw;
};

export const restart = (store: StoreModel, remembered?: number): MeterLedger => {
  const real = new MeterLedger(remembered);
  for (const [key, value] of store.entries()) assert.ok(real.restore(key, value), key);
  return real;
};

export const drawsIn = (store: StoreModel): readonly string[] =>
  store.entries().flatMap(([key]) => (key.startsWith(DRAW_PREFIX) ? [key] : []));
