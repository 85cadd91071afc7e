import { type AgentFound, type ResourceFound, SeatError } from '../../../protocol/client/client.ts';
import { endpointToText } from '../../../protocol/endpoint.ts';
import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { renderTable } from '../columns.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { openConnection } from '../open-connection.ts';
import { ASK_FLAG } from '../patience.ts';

export const discover: Command = {
  name: 'discover',
  summary: 'List the agents of this network with their products and free seats',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    ...ASK_FLAG,
    product: { kind: 'text', value: 'NAME', summary: 'with --resources: of this product' },
    resources: { kind: 'switch', summary: 'list the databases and projects that are licensed' },
  },
  settings: ['port', 'interfaces'],
  run: async (invocation) => {
    const connection = openConnection(invocation, { vendorKey: null });
    const product = readProductOfResources(invocation);
    try {
      if (product !== undefined) {
        print(invocation, await connection.resources(product), renderResources);
        return EXIT.done;
      }
      const found = await connection.discover();
      print(invocation, found, render);
      return found.length > 0 ? EXIT.done : EXIT['no agent'];
    } catch (error) {
      if (!(error instanceof SeatError)) throw error;
      throw new UsherError('BROKEN_DATA', `${error.message} ${error.administrator}`, error);
    }
  },
};

/** Whose resources are asked for, if that is asked. Code: WRONG_USAGE. */
const readProductOfResources = ({ args }: Invocation): string | undefined => {
  const product = args.text('product');
  if (args.has('resources') === (product !== undefined)) return product;
  throw new UsherError('WRONG_USAGE', '--resources and --product NAME go together.');
};

const renderResources = (found: readonly ResourceFound[]): string =>
  renderTable(
    ['resource', 'free', 'of'],
    found.map(({ name, free, total }) => [name, `${free}`, `${total}`]),
    'No database or project has a license of this product on this network.',
  );

const render = (found: readonly AgentFound[]): string =>
  renderTable(
    ['agent', 'address', 'found by', 'version', 'products (free of all seats)'],
    found.map((agent) => [
      agent.name,
      endpointToText(agent),
      agent.foundBy,
      agent.speaksOurVersion ? agent.version : `${agent.version} (speaks another protocol)`,
      describeProducts(agent),
    ]),
    'No agent answered. Behind a router or a firewall name one with --agent HOST.',
  );

const describeProduct = ({ product, free, total }: AgentFound['products'][number]): string =>
  total >= SEATS_UNLIMITED ? `${product} (no limit)` : `${product} ${free}/${total}`;

const describeProducts = ({ products, more }: AgentFound): string => {
  const named = products.map((one) => describeProduct(one));
  if (more > 0) named.push(`and ${more} more`);
  return named.length === 0 ? 'none' : named.join(', ');
};
