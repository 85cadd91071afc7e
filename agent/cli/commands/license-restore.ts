import type { RemovedView } from '../../core/operations.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { renderDay, renderTable, renderTime } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const licenseRestore: Command = {
  name: 'license restore',
  summary: 'Take back that a license was removed, or is to be given back; alone: list them',
  positionals: [{ name: 'LICENSE', summary: 'its id, or the first characters', times: 'optional' }],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const [id] = invocation.args.positionals;
    if (id === undefined) {
      const { licenses } = await askRunningAgent(invocation, { kind: 'license-removed' });
      print(invocation, licenses, renderRemoved);
      return EXIT.done;
    }
    const { license } = await askRunningAgent(invocation, { kind: 'license-restore', id });
    print(invocation, license, (one) => `License ${one.id} for ${one.product} is ${one.state}.\n`);
    return EXIT.done;
  },
};

const renderRemoved = (licenses: readonly RemovedView[]): string =>
  renderTable(
    ['id', 'product', 'customer', 'removed', 'kept until'],
    licenses.map(({ license, product, customer, removed, until }) => [
      license,
      product,
      customer,
      renderTime(removed),
      renderDay(until),
    ]),
    'No license was removed in the last 30 days.',
  );
