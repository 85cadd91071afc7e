import { readNoted } from '../../admin/history-routes.ts';
import type { AuditReport } from '../../core/operations.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { renderTime } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { askHistory } from '../history/history-access.ts';

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Prove that no line of the audit was removed, altered or put in',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    head: {
      kind: 'text',
      value: 'NUMBER:HASH',
      summary: 'a head that was noted elsewhere, as `usher audit head` has said it',
    },
  },
  settings: ['data'],
  run: async (invocation) => {
    const head = invocation.args.text('head') ?? '';
    const noted = readNoted(head);
    if (head !== '' && noted === undefined) {
      throw new UsherError('WRONG_USAGE', '--head is a number and a hash, with a colon between.');
    }
    const target = `/audit/check?noted=${head}`;
    const report: AuditReport = await askHistory(invocation, target, (views) =>
      views.checkAudit(noted),
    );
    print(invocation, report, renderReport);
    return report.fault === null ? EXIT.done : EXIT['broken data'];
  },
};

const renderReport = ({
  records,
  deeds,
  leases,
  first,
  last,
  signedTo,
  fault,
}: AuditReport): string => {
  const found = `${records} records, with ${deeds} changes and answers and ${leases} leases`;
  const range =
    first === null || last === null
      ? ''
      : `, from ${renderTime(first.at)} to ${renderTime(last.at)}`;
  const head = last === null ? '' : `Head: ${last.sequence}:${last.hash}\n`;
  if (fault !== null) return `The audit is broken: ${fault}.\n${found}${range}.\n${head}`;
  const behind = last === null ? 0 : last.sequence - signedTo;
  const which = behind === 1 ? 'The newest is' : `The newest ${behind} are`;
  const open = behind > 0 ? ` ${which} not signed yet.` : '';
  return `The audit is whole: ${found}${range}.${open}\n${head}`;
};
