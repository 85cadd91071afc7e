import { explainRules } from '../../core/rules/explain-rules.ts';
import { parseRules } from '../../core/rules/parse-rules.ts';
import { bytesToText, readFileBytes } from '../../edges/files.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { explainHere, renderExplanation, renderRuleLines } from '../explanation-text.ts';
import { renderFaults } from '../rules-command.ts';
import { readWish, WISH_FLAGS } from '../wish.ts';

export const rulesCheck: Command = {
  name: 'rules check',
  summary: 'Try a file of rules, and explain line by line what a request would get and why',
  positionals: [{ name: 'FILE', summary: 'a file of rules; - for standard input' }],
  flags: { ...JSON_FLAG, ...WISH_FLAGS },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const [file = '-'] = args.positionals;
    const bytes = file === '-' ? await terminal.readInput() : await readFileBytes(file);
    const text = bytesToText(bytes);
    const read = parseRules(text);
    if (!read.ok) {
      if (!args.has('json')) throw new UsherError('BROKEN_DATA', brokenSentence(file, read.error));
      print(invocation, { faults: read.error }, () => '');
      return EXIT['broken data'];
    }
    const isAsked = Object.keys(WISH_FLAGS).some((flag) => args.text(flag) ?? args.list(flag)[0]);
    if (isAsked) return explainRequest(invocation, text);
    const count = read.value.all.length;
    const lines = `${count} ${count === 1 ? 'rule' : 'rules'}`;
    print(invocation, { faults: [], rules: count }, () => `${file} is in order: ${lines}.\n`);
    return EXIT.done;
  },
};

const brokenSentence = (file: string, faults: Parameters<typeof renderFaults>[0]): string =>
  `${file} has ${faults.length === 1 ? 'an error' : `${faults.length} errors`}:\n${renderFaults(faults).trimEnd()}`;

/** What the rules say is known without an agent; what there is to lend, only with one. */
const explainRequest = async (invocation: Invocation, text: string): Promise<number> => {
  const { wish, address } = readWish(invocation);
  const read = parseRules(text);
  const asker = { ...wish.holder, address };
  const target = { product: wish.product, class: wish.class ?? 'generic' };
  const lines = read.ok ? explainRules(read.value, asker, target) : [];
  const seen = await explainHere(invocation, { wish, address, rules: text });
  print(invocation, { rules: lines, ...seen }, () =>
    seen.explanation === null
      ? `${renderRuleLines(lines, [])}\nWhat there is to lend is not known: ${seen.unasked}\n`
      : renderExplanation(seen.explanation, wish),
  );
  return EXIT.done;
};
