import { askAgent, fetchHistoryLines } from '../../admin/control-client.ts';
import type { AuditLine } from '../../core/operations.ts';
import { renderTime } from '../columns.ts';
import type { Command, Terminal } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { runningOrAtRest } from '../history/history-access.ts';
import { readTime } from '../history/read-time.ts';

export const auditShow: Command = {
  name: 'audit show',
  summary: 'Show who changed what, and every seat that was granted',
  positionals: [],
  flags: {
    json: { kind: 'switch', summary: 'print a JSON object a line for programs' },
    since: {
      kind: 'text',
      value: 'TIME',
      summary: 'from this time on, else the last day (24h, 2027-01-31)',
    },
    changes: { kind: 'switch', summary: 'without the seats' },
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const since = readTime('since', args.text('since') ?? '1d');
    const show = async (lines: AsyncIterable<AuditLine>): Promise<void> => {
      for await (const line of lines) {
        if (args.has('changes') && line.what.startsWith('seat-g')) continue;
        terminal.out(args.has('json') ? `${JSON.stringify(line)}\n` : renderLine(line));
      }
    };
    await runningOrAtRest(
      invocation,
      async (path) => {
        await tellOthersLack(path, terminal);
        await show(fetchHistoryLines<AuditLine>(path, `/audit?since=${since}`));
      },
      (views) => show(views.audit(since)),
    );
    return EXIT.done;
  },
};

/** Who looks for a change of another member is to know that it may be missing here. */
const tellOthersLack = async (path: string, terminal: Terminal): Promise<void> => {
  const outcome = await askAgent(path, { kind: 'status' });
  if (outcome.kind !== 'status' || outcome.status.site?.isHeard !== false) return;
  terminal.err(
    'This agent is not heard by its site: changes on other members may be missing here. See `usher site status`.\n',
  );
};

const renderLine = ({ sequence, at, who, what, detail, member }: AuditLine): string =>
  `${member === undefined ? '' : `${member}  `}${sequence}  ${renderTime(at)}  ${what}  ${who}${detail === '' ? '' : `: ${detail}`}\n`;
