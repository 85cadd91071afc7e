import { UsherError } from '../../usher-error.ts';
import type { AuditReport } from '../../vendor/master/audit-check.ts';
import type { AuditLine } from '../../vendor/master/audit-line.ts';
import { print } from '../agent-command.ts';
import { renderTable, renderTime } from '../columns.ts';
import type { Arguments, Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
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
    verify: { kind: 'switch', summary: 'prove that no line was removed, altered or put in' },
    head: {
      kind: 'text',
      value: 'NUMBER:HASH',
      summary: 'with --verify: a head that was noted elsewhere, as --verify has said it',
    },
    most: { kind: 'text', value: 'N', summary: 'so many lines, up to 1000 [default: 100]' },
  },
  settings: [],
  run: async (invocation) => {
    const { args } = invocation;
    if (args.has('verify')) return verify(invocation);
    if (args.text('head') !== undefined)
      throw new UsherError('WRONG_USAGE', '--head goes with --verify.');
    const question = { kind: 'audit', after: count(args, 'after'), most: count(args, 'most') };
    const { lines } = await askMaster(invocation, question, 'audit');
    print(invocation, lines, renderLines);
    return EXIT.done;
  },
};

const verify = async (invocation: Invocation): Promise<ExitCode> => {
  const question = { kind: 'audit-check', head: invocation.args.text('head') ?? null };
  const { report } = await askMaster(invocation, question, 'audit-check');
  print(invocation, report, renderReport);
  return report.fault === null ? EXIT.done : EXIT['broken data'];
};

const renderReport = ({ lines, first, head, fault }: AuditReport): string => {
  const found = lines === 0 ? 'no lines' : `${lines} lines, ${first} to ${head.number}`;
  const said = fault === null ? `is whole: ${found}.` : `is broken: ${fault}.\nIt has ${found}.`;
  return `The audit ${said}\nHead: ${head.number}:${head.hash}\n`;
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
