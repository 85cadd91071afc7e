import { UsherError } from '../../usher-error.ts';
import type { AuditLine } from '../../vendor/master/audit-line.ts';
import { print } from '../agent-command.ts';
import { renderTable, renderTime } from '../columns.ts';
import type { Arguments, Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { askMaster, MASTER_FLAGS } from '../master-access.ts';

export const masterAudit: Command = {
  name: 'master audit',
  summary: 'What was done at a master, when and by whom',
  positionals: [],
  flags: {
    ...MASTER_FLAGS,
    after: {
      kind: 'text',
      value: 'N',
      summary: 'from the line after this one on [default: the last ones]',
    },
    most: { kind: 'text', value: 'N', summary: 'so many lines, up to 1000 [default: 100]' },
  },
  settings: [],
  run: async (invocation) => {
    const { args } = invocation;
    const question = { kind: 'audit', after: count(args, 'after'), most: count(args, 'most') };
    const { lines } = await askMaster(invocation, question, 'audit');
    print(invocation, lines, renderLines);
    return EXIT.done;
  },
};

const count = (args: Arguments, flag: string): number | null => {
  const text = args.text(flag);
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsherError('WRONG_USAGE', `--${flag} is a whole number, not "${text}".`);
};

const renderLines = (lines: readonly AuditLine[]): string =>
  renderTable(
    ['line', 'when', 'what', 'who', 'license', 'detail'],
    lines.map(({ number, at, kind, who, license, detail }) => [
      String(number),
      renderTime(at),
      kind,
      who,
      license ?? '–',
      detail,
    ]),
    'Nothing has been done yet.',
  );
