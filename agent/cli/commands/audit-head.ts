import type { AuditHead } from '../../edges/history/history-views.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { renderColumns, renderTime } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { askHistory } from '../history/history-access.ts';

export const auditHead: Command = {
  name: 'audit head',
  summary: 'Print the hash that stands for the whole audit, to be noted elsewhere',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const head: AuditHead | null = await askHistory(invocation, '/audit/head', (views) =>
      views.auditHead(),
    );
    if (head === null) throw new UsherError('REFUSED', 'The audit has no head that is signed yet.');
    print(invocation, head, renderHead);
    return EXIT.done;
  },
};

const renderHead = ({ sequence, hash, at, publicKey, signature }: AuditHead): string =>
  `${renderColumns([
    ['Head', `${sequence}:${hash}`],
    ['Signed', renderTime(at)],
    ["Agent's key", publicKey],
    ['Signature', signature],
  ])}\n\nLater, \`usher audit verify --head ${sequence}:${hash}\` proves that nothing before was changed.\n`;
