import { type AgentOutlook, type Connection, SeatError } from '../../../protocol/client/client.ts';
import { endpointToText } from '../../../protocol/endpoint.ts';
import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { explainHere, renderExplanation, type SeenHere } from '../explanation-text.ts';
import { openConnection } from '../open-connection.ts';
import { type Asked, readWish, WISH_FLAGS } from '../wish.ts';

/** An agent of this network and, where it was asked, what it would answer now. */
interface Seen {
  readonly agent: AgentOutlook['agent'];
  readonly outlook: AgentOutlook['outlook'] | null;
}

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
    const agents = await askAround(invocation, asked);
    const here = await explainHere(invocation, { ...asked, rules: null });
    print(invocation, { ...asked, agents, here }, () => render(asked, agents, here));
    return exitOf(agents, here);
  },
};

const exitOf = (agents: readonly Seen[], { explanation }: SeenHere): ExitCode => {
  if (agents.length === 0 && explanation === null) return EXIT['no agent'];
  const isGranted = agents.some(({ outlook }) => outlook?.refusal === null);
  return isGranted || explanation?.refusal === null ? EXIT.done : EXIT.refused;
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

/** Whom an agent takes us for is not ours to choose: of somebody else only the agent here tells. */
const isAboutUs = ({ args }: Invocation): boolean =>
  ['user', 'host', 'address', 'application'].every((flag) => args.text(flag) === undefined);

const askAround = async (invocation: Invocation, asked: Asked): Promise<readonly Seen[]> => {
  const connection = openConnection(invocation, { vendorKey: null });
  try {
    if (isAboutUs(invocation)) return await probeEach(connection, asked);
    const found = await connection.discover();
    return found.map((agent) => ({ agent, outlook: null }));
  } catch (error) {
    if (!(error instanceof SeatError)) throw error;
    throw new UsherError('BROKEN_DATA', `${error.message} ${error.administrator}`, error);
  }
};

const probeEach = (connection: Connection, { wish }: Asked): Promise<readonly Seen[]> =>
  connection.probeEach({
    product: wish.product,
    features: wish.features,
    ...(wish.class === null ? {} : { class: wish.class }),
    ...(wish.resource === null ? {} : { resource: wish.resource }),
  });

const render = (asked: Asked, agents: readonly Seen[], here: SeenHere): string => {
  const { product } = asked.wish;
  const found =
    agents.length === 0
      ? 'No agent answered on this network. Start one with `usher serve`; behind a router or a firewall name one with --agent HOST.\n'
      : `Agents on this network:\n${agents.map((one) => describeAgent(one, product)).join('')}`;
  const seen =
    here.explanation === null
      ? `The agent of this computer was not asked: ${here.unasked}\n`
      : `The agent of this computer:\n${renderExplanation(here.explanation, asked.wish)}`;
  return `${found}\n${seen}`;
};

const describeAgent = ({ agent, outlook }: Seen, product: string): string => {
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

const describeOffer = (agent: AgentOutlook['agent'], product: string): string => {
  const offered = agent.products.find((one) => one.product === product);
  if (offered !== undefined) return `${offered.free} of ${offered.total} seats of ${product} free`;
  return agent.more > 0 ? `may have ${product}, its list is cut off` : `no license for ${product}`;
};
