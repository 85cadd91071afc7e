/** One measured figure: what was measured, against what, and whether it is good enough. */

import { renderTable } from '../../agent/cli/columns.ts';
import { rounded } from './statistics.ts';

/** What a figure must reach; `of` says whether the value itself or its ratio is judged. */
export type Bar =
  | { readonly of: 'value' | 'ratio'; readonly least: number }
  | { readonly of: 'value' | 'ratio'; readonly most: number };

export interface Measurement {
  readonly name: string;
  /** `null` where it could not be measured here; `details.note` says why. */
  readonly value: number | null;
  readonly unit: string;
  readonly baseline?: { readonly name: string; readonly value: number };
  readonly bar?: Bar;
  /** Everything else that was measured beside it. */
  readonly details?: Readonly<Record<string, string | number | readonly number[]>>;
}

export interface Figure {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly baseline: string | null;
  readonly baselineValue: number | null;
  /** The value divided by the baseline's. */
  readonly ratio: number | null;
  readonly bar: string | null;
  /** `null` where there is no bar or nothing could be measured. */
  readonly met: boolean | null;
  readonly details: NonNullable<Measurement['details']>;
}

/** Joins a measurement with its ratio and its verdict. */
export const toFigure = (measured: Measurement): Figure => {
  const { name, value, unit, baseline, bar, details = {} } = measured;
  const ratio = value === null || baseline === undefined ? null : value / baseline.value;
  return {
    name,
    value: value === null ? null : rounded(value),
    unit,
    baseline: baseline?.name ?? null,
    baselineValue: baseline === undefined ? null : rounded(baseline.value),
    ratio: ratio === null ? null : rounded(ratio),
    bar: bar === undefined ? null : describeBar(bar, unit),
    met: bar === undefined ? null : isMet(bar, value, ratio),
    details,
  };
};

const describeBar = (bar: Bar, unit: string): string => {
  const bound = 'least' in bar ? `≥ ${rounded(bar.least, 2)}` : `≤ ${rounded(bar.most, 2)}`;
  return bar.of === 'ratio' ? `${bound} ×` : `${bound} ${unit}`;
};

const isMet = (bar: Bar, value: number | null, ratio: number | null): boolean | null => {
  const judged = bar.of === 'value' ? value : ratio;
  if (judged === null || !Number.isFinite(judged)) return null;
  return 'least' in bar ? judged >= bar.least : judged <= bar.most;
};

/** The figures as a table for people. */
export const renderFigures = (figures: readonly Figure[]): string =>
  renderTable(
    ['name', 'value', 'unit', 'baseline', 'ratio', 'bar', ''],
    figures.map((figure) => [
      figure.name,
      figure.value === null ? '–' : String(figure.value),
      figure.unit,
      figure.baseline === null ? '' : `${figure.baseline} ${figure.baselineValue}`,
      figure.ratio === null ? '' : figure.ratio.toFixed(2),
      figure.bar ?? '',
      renderVerdict(figure),
    ]),
    'Nothing was measured.',
  );

const renderVerdict = ({ met, value, details }: Figure): string => {
  if (value === null) return String(details['note'] ?? '');
  if (met === null) return '';
  return met ? 'met' : 'NOT MET';
};
