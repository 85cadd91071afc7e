/** What commands that show and change the rules have in common. */

import type { RuleFault, RulesChange, RulesView } from '../core/operations.ts';
import { UsherError } from '../usher-error.ts';
import { askRunningAgent, print } from './agent-command.ts';
import { renderColumns } from './columns.ts';
import { type Flag, type Invocation, JSON_FLAG, type Positional } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Changes the rules' file by way of the agent, and shows what came of it. */
export const editRules = async (
  invocation: Invocation,
  change: RulesChange,
  done: string,
): Promise<ExitCode> => {
  const { rules } = await askRunningAgent(invocation, { kind: 'rules-edit', change });
  print(invocation, rules, () => `${done}\n${renderWarnings(rules.warnings)}`);
  return EXIT.done;
};

/** Adds one rule at the end. */
export const addRule = (invocation: Invocation, line: string): Promise<ExitCode> =>
  editRules(invocation, { kind: 'add', line }, `In force: ${line}`);

export const renderRules = (view: RulesView): string => {
  const lines = view.lines.map(({ number, text }) => [String(number), text]);
  const none = 'No rules: every seat is for whoever asks first. See `usher rules help`.';
  const all = lines.length === 0 ? none : renderColumns(lines);
  return `${view.inForce ? all : NOTHING_LENT}\n${renderNotTaken(view)}${renderWarnings(view.warnings)}`;
};

const NOTHING_LENT =
  'No rules are in force and no seat is lent: the rules have an error since the agent has started.';

/** What keeps the file from being taken up. */
export const renderNotTaken = ({
  faults,
  inForce,
  lastGood,
}: Omit<RulesView, 'lines' | 'warnings'>): string => {
  if (faults.length === 0) return '';
  const shown = lastGood
    ? 'those of the last start hold on, which are shown,'
    : 'those shown hold on';
  const hold = inForce ? shown : 'no seat is lent';
  return `The file of rules was not taken, and ${hold} until it is mended and \`usher rules reload\` is done:\n${renderFaults(faults)}`;
};

export const renderFaults = (faults: readonly RuleFault[]): string =>
  faults
    .map(({ line, sentence }) => (line === 0 ? `  ${sentence}\n` : `  Line ${line}: ${sentence}\n`))
    .join('');

const renderWarnings = (warnings: readonly RuleFault[]): string =>
  warnings.map(({ line, sentence }) => `Line ${line}: ${sentence}\n`).join('');

export const PRODUCT_POSITIONAL: Positional = {
  name: 'PRODUCT[/CLASS]',
  summary: 'the product, and the class of seat where it has several',
};

export const FOR_FLAG = {
  for: {
    kind: 'text',
    value: 'WHO',
    summary:
      '"user NAME", "host NAME", "group NAME", "application NAME", "address RANGE" or everyone',
  },
  ...JSON_FLAG,
} as const satisfies Readonly<Record<string, Flag>>;

/** The value of a flag that must be given. Code: WRONG_USAGE. */
export const needed = ({ args }: Invocation, flag: string, value: string): string => {
  const text = args.text(flag);
  if (text !== undefined && text.trim() !== '') return text.trim();
  throw new UsherError('WRONG_USAGE', `--${flag} ${value} is needed.`);
};

/** A product as rules write it: a name of several words stands in quotation marks. */
export const quoteProduct = (product: string): string => {
  if (!/[\s,=#]/.test(product) || product.includes('"')) return product;
  return product
    .split('/')
    .map((part) => `"${part}"`)
    .join('/');
};
