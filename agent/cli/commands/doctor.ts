import { type AgentFound, SeatError } from '../../../protocol/client/client.ts';
import { endpointToText } from '../../../protocol/endpoint.ts';
import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { renderColumns } from '../columns.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { explainHere, renderExplanation, type SeenHere } from '../explanation-text.ts';
import { openConnection } from '../open-connection.ts';
import { type Asked, readWish, WISH_FLAGS } from '../wish.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Explain why somebody on some computer would or would not get a seat now',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    ...WISH_FLAGS,
    agent: { kind: 'list', value: 'HOST[:PORT]', summary: 'ask this address, too' },
  },
  settings: ['data', 'port', 'interfaces'],
  run: async (invocation) => {
    const asked = readWish(invocation, await onlyProduct(invocation));
    const agents = await findAgents(invocation);
    const here = await explainHere(invocation, { ...asked, rules: null });
    print(invocation, { ...asked, agents, here }, () => render(asked, agents, here));
    if (here.explanation !== null) {
      return here.explanation.refusal === null ? EXIT.done : EXIT.refused;
    }
    if (agents.length === 0) return EXIT['no agent'];
    return agents.some((one) => freeSeats(one, asked) > 0) ? EXIT.done : EXIT.refused;
  },
};

/** The one product that the agent here has licenses of, where none is named. */
const onlyProduct = async (invocation: Invocation): Promise<string | undefined> => {
  if (invocation.args.text('product') !== undefined) return undefined;
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

const render = (asked: Asked, agents: readonly AgentFound[], here: SeenHere): string => {
  const { product } = asked.wish;
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
  const seen =
    here.explanation === null
      ? `The agent of this computer was not asked: ${here.unasked}\n`
      : renderExplanation(here.explanation, asked.wish);
  return `${found}\n${seen}`;
};

const describeAgent = (agent: AgentFound, product: string): string => {
  if (!agent.speaksOurVersion) return `speaks another protocol (version ${agent.version})`;
  const offered = agent.products.find((one) => one.product === product);
  if (offered !== undefined) return `${offered.free} of ${offered.total} seats of ${product} free`;
  const isCut = agent.more > 0;
  return isCut ? `may have ${product}: its list is cut off` : `has no license for ${product}`;
};
