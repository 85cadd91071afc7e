/** What is said of a store that was looked at. */

import type { StoreReport } from '../edges/store-report.ts';

/** The report as lines for people. */
export const renderReport = (report: StoreReport): string => {
  const { trouble, damaged, damagedCount } = report;
  const lines = [
    trouble === null ? 'The store is sound.' : `The store is damaged: ${trouble}.`,
    `Whole records: ${renderCounts(report.counts)}.`,
  ];
  const missing = renderCounts(report.missing);
  if (missing !== 'none') lines.push(`Lost: ${missing}.`);
  if (damagedCount > 0) {
    const more = damagedCount > damaged.length ? ' …' : '';
    lines.push(`Damaged: ${damagedCount} (${damaged.map(plain).join(', ')}${more}).`);
  }
  return `${lines.join('\n')}\n`;
};

const renderCounts = (counts: Readonly<Record<string, number>>): string => {
  const words = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  return words.length === 0 ? 'none' : words.join(', ');
};

/** A damaged key may hold anything. */
const plain = (key: string): string => key.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
