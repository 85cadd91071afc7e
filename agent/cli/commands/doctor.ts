import { type AgentFound, SeatError } from '../../../protocol/client/client.ts';
import { endpointToText } from '../../../protocol/endpoint.ts';
import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { renderColumns } from '../columns.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { explainHere, renderExplanation, type SeenHere } from '../explanation-text.ts';
import type { Finding } from '../network-doctor/finding.ts';
import { examineNetwork, renderFindings } from '../network-doctor/network-doctor.ts';
import { openConnection } from '../open-connection.ts';
import { type Asked, readWish, WISH_FLAGS } from '../wish.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Find out why agents are not seen, and why somebody would or would not get a seat now',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    ...WISH_FLAGS,
    agent: { kind: 'list', value: 'HOST[:PORT]', summary: 'ask this address, too' },
  },
  settings: ['data', 'port', 'interfaces'],
  run: async (invocation) => {
    const product = invocation.args.text('product') ?? (await onlyProduct(invocation));
    const [agents, network] = await Promise.all([
      findAgents(invocation),
      examineNetwork(invocation, product ?? null),
    ]);
    const hasTrouble = network.some(({ standing }) => standing === 'trouble');
    if (product === undefined) {
      print(invocation, { agents, network }, () => renderNetwork(undefined, agents, network));
      if (agents.length === 0) return EXIT['no agent'];
      return hasTrouble ? EXIT.refused : EXIT.done;
    }
    const asked = readWish(invocation, product);
    const here = await explainHere(invocation, { ...asked, rules: null });
    print(
      invocation,
      { ...asked, agents, network, here },
      () => `${renderNetwork(product, agents, network)}\n${renderHere(asked, here)}`,
    );
    if (here.explanation === null && agents.length === 0) return EXIT['no agent'];
    if (hasTrouble) return EXIT.refused;
    const isGranted =
      here.explanation === null
        ? agents.some((one) => freeSeats(one, asked) > 0)
        : here.explanation.refusal === null;
    return isGranted ? EXIT.done : EXIT.refused;
  },
};

/** The one product that the agent here has licenses of, where none is named. */
const onlyProduct = async (invocation: Invocation): Promise<string | undefined> => {
  try {
    const { status } = await askRunningAgent(invocation, { kind: 'status' });
    const [first, second] = status.products;
    return second === undefined ? first?.product : undefined;
  } catch (error) {
    // Then the product has to be named; why nobody was asked is said by who asks next.
    if (error instanceof UsherError) return undefined;
    throw error;
  }
};

const findAgents = async (invocation: Invocation): Promise<readonly AgentFound[]> => {
  const connection = openConnection(invocation, { vendorKey: null });
  return connection.discover().catch((error: unknown) => {
    if (!(error instanceof SeatError)) throw error;
    throw new UsherError('BROKEN_DATA', `${error.message} ${error.administrator}`, error);
  });
};

const freeSeats = ({ products }: AgentFound, { wish }: Asked): number =>
  products.find(({ product }) => product === wish.product)?.free ?? 0;

const renderNetwork = (
  product: string | undefined,
  agents: readonly AgentFound[],
  network: readonly Finding[],
): string => {
  const found =
    agents.length === 0
      ? 'No agent answered on this network. Start one with `usher serve`; behind a router or a firewall name one with --agent HOST.\n'
      : `Agents on this network:\n${renderColumns(
          agents.map((agent) => [
            `  ${agent.name}`,
            endpointToText(agent),
            describeAgent(agent, product),
          ]),
        )}\n`;
  return `${found}\nWhat keeps clients and agents from each other:\n${renderFindings(network)}`;
};

const renderHere = ({ wish }: Asked, { explanation, unasked }: SeenHere): string =>
  explanation === null
    ? `The agent of this computer was not asked: ${unasked}\n`
    : renderExplanation(explanation, wish);

const describeAgent = (agent: AgentFound, product: string | undefined): string => {
  if (!agent.speaksOurVersion) return `speaks another protocol (version ${agent.version})`;
  if (product === undefined) {
    const count = agent.products.length + agent.more;
    return count === 1 ? 'lends 1 product' : `lends ${count} products`;
  }
  const offered = agent.products.find((one) => one.product === product);
  if (offered !== undefined) return `${offered.free} of ${offered.total} seats of ${product} free`;
  const isCut = agent.more > 0;
  return isCut ? `may have ${product}: its list is cut off` : `has no license for ${product}`;
};
