import { UsherError } from '../../usher-error.ts';
import type { Customer } from '../../vendor/master/customer.ts';
import { print } from '../agent-command.ts';
import { renderDay, renderTable } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { askMaster, MASTER_FLAGS } from '../master-access.ts';
import { PAGE_FLAGS, readPage } from '../master-page.ts';

export const masterCustomer: Command = {
  name: 'master customer',
  summary: 'Add customers to a master, and list them',
  positionals: [
    { name: 'add|list', summary: 'what to do' },
    { name: 'NAME', summary: 'whom to add, or a part of whom to find', times: 'optional' },
  ],
  flags: {
    ...MASTER_FLAGS,
    ...PAGE_FLAGS,
    mail: { kind: 'text', value: 'ADDRESS', summary: 'address of mail of the one to add' },
  },
  settings: [],
  run: async (invocation) => {
    const { args } = invocation;
    const [action, name] = args.positionals;
    const mail = args.text('mail') ?? '';
    const question =
      action === 'list'
        ? { kind: 'customer-list', text: name ?? '', ...readPage(args) }
        : { kind: 'customer-add', name: name ?? '', mail };
    if (action !== 'list' && (action !== 'add' || name === undefined)) {
      throw new UsherError('WRONG_USAGE', 'It is `add NAME` or `list`.');
    }
    const { customers } = await askMaster(invocation, question, 'customers');
    print(invocation, customers, renderCustomers);
    return EXIT.done;
  },
};

const renderCustomers = (customers: readonly Customer[]): string =>
  renderTable(
    ['customer', 'name', 'mail', 'since'],
    customers.map(({ id, name, mail, since }) => [id, name, mail || '–', renderDay(since)]),
    'No customers.',
  );
