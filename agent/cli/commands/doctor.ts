import { type AgentOutlook, type Connection, SeatError } from '../../../protocol/client/client.ts';
import { endpointToText } from '../../../protocol/endpoint.ts';
import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { explainHere, renderExplanation, type SeenHere } from '../explanation-text.ts';
import type { Finding } from '../network-doctor/finding.ts';
import { examineNetwork, renderFindings } from '../network-doctor/network-doctor.ts';
import { openConnection } from '../open-connection.ts';
import { ASK_FLAG } from '../patience.ts';
import { type Asked, readWish, WISH_FLAGS } from '../wish.ts';

/** An agent of this network and, where it was asked, what it would answer now. */
interface Seen {
  readonly agent: AgentOutlook['agent'];
  readonly outlook: AgentOutlook['outlook'] | null;
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'Find out why agents are not seen, and why somebody would or would not get a seat now',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    ...WISH_FLAGS,
    ...ASK_FLAG,
  },
  settings: ['data', 'port', 'interfaces'],
  run: async (invocation) => {
    const product = invocation.args.text('product') ?? (await onlyProduct(invocation));
    if (product === undefined) return examineOnly(invocation);
    const asked = readWish(invocation, product);
    const [agents, network] = await Promise.all([
      askAround(invocation, asked),
      examineNetwork(invocation, product),
    ]);
    const here = await explainHere(invocation, { ...asked, rules: null });
    print(
      invocation,
      { ...asked, agents, network, here },
      () => `${renderNetwork(product, agents, network)}\n${renderHere(asked, here)}`,
    );
    return exitOf(agents, network, here);
  },
};

/** Where no product is named, what keeps clients and agents from each other. */
const examineOnly = async (invocation: Invocation): Promise<ExitCode> => {
  const [agents, network] = await Promise.all([
    findAgents(openConnection(invocation, { vendorKey: null })),
    examineNetwork(invocation, null),
  ]);
  print(invocation, { agents, network }, () => renderNetwork(undefined, agents, network));
  if (agents.length === 0) return EXIT['no agent'];
  return hasTrouble(network) ? EXIT.refused : EXIT.done;
};

const hasTrouble = (network: readonly Finding[]): boolean =>
  network.some(({ standing }) => standing === 'trouble');

const exitOf = (
  agents: readonly Seen[],
  network: readonly Finding[],
  { explanation }: SeenHere,
): ExitCode => {
  if (agents.length === 0 && explanation === null) return EXIT['no agent'];
  if (hasTrouble(network)) return EXIT.refused;
  const isGranted = agents.some(({ outlook }) => outlook?.refusal === null);
  return isGranted || explanation?.refusal === null ? EXIT.done : EXIT.refused;
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

/** Whom an agent takes us for is not ours to choose: of somebody else only the agent here tells. */
const isAboutUs = ({ args }: Invocation): boolean =>
  ['user', 'host', 'address', 'application'].every((flag) => args.text(flag) === undefined);

const askAround = async (invocation: Invocation, asked: Asked): Promise<readonly Seen[]> => {
  const connection = openConnection(invocation, { vendorKey: null });
  try {
    if (isAboutUs(invocation)) return await probeEach(connection, asked);
    return await findAgents(connection);
  } catch (error) {
    throw explain(error);
  }
};

const findAgents = async (connection: Connection): Promise<readonly Seen[]> => {
  const found = await connection.discover().catch((error: unknown) => {
    throw explain(error);
  });
  return found.map((agent) => ({ agent, outlook: null }));
};

const explain = (error: unknown): unknown =>
  error instanceof SeatError
    ? new UsherError('BROKEN_DATA', `${error.message} ${error.administrator}`, error)
    : error;

const probeEach = (connection: Connection, { wish }: Asked): Promise<readonly Seen[]> =>
  connection.probeEach({
    product: wish.product,
    features: wish.features,
    ...(wish.class === null ? {} : { class: wish.class }),
    ...(wish.resource === null ? {} : { resource: wish.resource }),
  });

const renderNetwork = (
  product: string | undefined,
  agents: readonly Seen[],
  network: readonly Finding[],
): string => {
  const found =
    agents.length === 0
      ? 'No agent answered on this network. Start one with `usher serve`; behind a router or a firewall name one with --agent HOST.\n'
      : `Agents on this network:\n${agents.map((one) => describeAgent(one, product)).join('')}`;
  return `${found}\nWhat keeps clients and agents from each other:\n${renderFindings(network)}`;
};

const renderHere = ({ wish }: Asked, { explanation, unasked }: SeenHere): string =>
  explanation === null
    ? `The agent of this computer was not asked: ${unasked}\n`
    : `The agent of this computer:\n${renderExplanation(explanation, wish)}`;

const describeAgent = ({ agent, outlook }: Seen, product: string | undefined): string => {
  const name = `${agent.name} (${endpointToText(agent)})`;
  if (!agent.speaksOurVersion) {
    return `  ${name} speaks another protocol: update it, or this (version ${agent.version}).\n`;
  }
  if (outlook === null) return `  ${name}: ${describeOffer(agent, product)}.\n`;
  const { refusal, inUse, seats, overdraft } = outlook;
  if (refusal !== null) return `  ${refusal.sentence}\n    ${refusal.administrator}\n`;
  const counted = seats === 0 ? '' : ` (${inUse} of ${seats} in use)`;
  const beyond = overdraft ? ', beyond the licensed count, as the vendor tolerates' : '';
  return `  ${name}: you would get a seat of ${product} now${counted}${beyond}.\n`;
};

const describeOffer = (agent: AgentOutlook['agent'], product: string | undefined): string => {
  if (product === undefined) {
    const count = agent.products.length + agent.more;
    return count === 1 ? 'lends 1 product' : `lends ${count} products`;
  }
  const offered = agent.products.find((one) => one.product === product);
  if (offered !== undefined) return `${offered.free} of ${offered.total} seats of ${product} free`;
  return agent.more > 0 ? `may have ${product}, its list is cut off` : `no license for ${product}`;
};
