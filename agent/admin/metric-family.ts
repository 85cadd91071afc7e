/** A family of metrics in the words of OpenMetrics 1.0. */

type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [labels: Labels, value: number];
type Kind = 'gauge' | 'counter' | 'info';

/** A metric with its kind, its help and its samples. */
export const family = (
  name: string,
  kind: Kind,
  help: string,
  samples: readonly Sample[],
): string => {
  const suffix = kind === 'counter' ? '_total' : kind === 'info' ? '_info' : '';
  const lines = samples.map(
    ([labels, value]) => `${name}${suffix}${labelsText(labels)} ${value}\n`,
  );
  return `# TYPE ${name} ${kind}\n# HELP ${name} ${help}\n${lines.join('')}`;
};

const labelsText = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

const escapeLabel = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** One sample without labels. */
export const one = (value: number): readonly Sample[] => [[{}, value]];
export const flag = (isTrue: boolean): number => (isTrue ? 1 : 0);
