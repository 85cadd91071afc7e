import { print } from '../agent-command.ts';
import { renderColumns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { askMaster, MASTER_FLAGS } from '../master-access.ts';

export const masterStatus: Command = {
  name: 'master status',
  summary: 'Whether a master answers, what it keeps, and on what somebody has to decide',
  positionals: [],
  flags: MASTER_FLAGS,
  settings: [],
  run: async (invocation) => {
    const { kind: _, ...status } = await askMaster(invocation, { kind: 'status' }, 'status');
    print(
      invocation,
      status,
      ({ trouble, customers, licenses, activations, open }) =>
        `${renderColumns([
          ['State', trouble ?? 'it answers'],
          ['Customers', String(customers)],
          ['Licenses', String(licenses)],
          ['Activations', String(activations)],
          ['To decide', String(open)],
        ])}\n`,
    );
    return status.trouble === null ? EXIT.done : EXIT.refused;
  },
};
