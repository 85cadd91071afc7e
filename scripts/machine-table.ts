/** The confusion table of a verdict over labelled machines. */

import type { HostVerdict } from '../agent/core/host/host-verdict.ts';

/** One line of a file of labelled machines. */
export interface Machine {
  readonly label: string;
  readonly hypervisor?: string | null;
  readonly source?: string;
  readonly facts: unknown;
}

export interface Judged {
  readonly machine: Machine;
  readonly verdict: HostVerdict;
}

export const judgeMachines = (
  machines: readonly Machine[],
  judge: (facts: unknown) => HostVerdict,
): readonly Judged[] => machines.map((machine) => ({ machine, verdict: judge(machine.facts) }));

/** Counts by label and verdict, then what went wrong, at most `most` lines of each kind. */
export const renderConfusion = (judged: readonly Judged[], most: number): string => {
  const labels = [...new Set(judged.map(({ machine }) => machine.label))].sort();
  const verdicts = ['physical', 'virtual', 'container', 'unknown'] as const;
  const lines = [['label', ...verdicts].map((word) => word.padStart(10)).join('')];
  for (const label of labels) {
    const mine = judged.filter(({ machine }) => machine.label === label);
    const counts = verdicts.map((word) => mine.filter(({ verdict }) => verdict.verdict === word));
    lines.push([label, ...counts.map((group) => group.length)].map(cell).join(''));
  }
  const refused = judged.filter((one) => one.machine.label === 'physical' && isVirtual(one));
  const missed = judged.filter((one) => one.machine.label === 'virtual' && !isVirtual(one));
  const unsure = judged.filter(
    ({ machine, verdict }) => machine.label === 'physical' && verdict.verdict === 'unknown',
  );
  return [
    ...lines,
    ...section('Real machines called virtual', refused, most),
    ...section('Virtual machines not called virtual', missed, most),
    ...section('Real machines called unknown', unsure, most),
  ].join('\n');
};

const isVirtual = ({ verdict }: Judged): boolean => verdict.host === 'virtual';

const cell = (word: string | number): string => String(word).padStart(10);

const section = (title: string, judged: readonly Judged[], most: number): readonly string[] => [
  '',
  `${title}: ${judged.length}`,
  ...judged.slice(0, most).map(({ machine, verdict }) => {
    const shown = verdict.evidence.map(({ id, value }) => `${id}=${value}`).join('; ');
    return `  ${machine.hypervisor ?? '-'}  ${machine.source ?? '-'}  ${verdict.verdict}  ${shown}`;
  }),
];
