/** Gathers what there is to know: from the network, from this computer, from the agent here. */

import { networkInterfaces } from 'node:os';
import { execPath, platform } from 'node:process';
import { type Endpoint, endpointToText, isV6 } from '../../../protocol/endpoint.ts';
import {
  parseAgentAddresses,
  resolveAgentAddresses,
} from '../../../protocol/node/agent-address.ts';
import { readClientSettings } from '../../../protocol/node/client-settings.ts';
import { listIpv4Addresses } from '../../../protocol/node/interfaces.ts';
import { UdpSocket } from '../../../protocol/node/udp-socket.ts';
import { findPortHolder } from '../../edges/port-holder.ts';
import { runTool } from '../../edges/system-tool.ts';
import type { FirewallSurvey } from '../../service/firewall/firewall.ts';
import { localNetworks, outerInterfaces } from '../../service/firewall/scope.ts';
import { surveyFirewall } from '../../service/firewall/system-firewall.ts';
import { askWindows } from '../../service/firewall/windows-firewall.ts';
import { UsherError } from '../../usher-error.ts';
import { askRunningAgent } from '../agent-command.ts';
import type { Invocation } from '../command.ts';
import type { Evidence, Heard, Here, OwnAddress, Target } from './evidence.ts';
import { readNeighbours } from './neighbours.ts';
import { soundAddress, soundAfter, soundAround, soundNames, sourceTowards } from './sounding.ts';

/** Agents that answered a broadcast and are asked by themselves as well. */
const HEARD_ASKED_MAX = 16;

/** An address of nobody (RFC 5737): the way to it is the way out. Nothing is sent there. */
const OUTSIDE = '192.0.2.1';

/** Asks everybody and looks everywhere; takes a few seconds at most. */
export const gatherEvidence = async (
  invocation: Invocation,
  product: string | null,
): Promise<Evidence> => {
  const { interfaces } = invocation.settings();
  const agent = await askAgentHere(invocation);
  const port = portToAsk(invocation, agent);
  const own = ownAddresses();
  const broadcasts = broadcastsOf(interfaces);
  const { named, unresolved } = await namedTargets(invocation, port);
  const names = soundNames(interfaces);
  const [heard, asked, here] = await Promise.all([
    soundAround(broadcasts, port),
    Promise.all(named.map(({ endpoint, origin }) => soundAddress(endpoint, origin))),
    lookHere({ agent, port, interfaces, own }),
  ]);
  const others = heard.filter((one) => !isOwn(one, own) && !asked.some((two) => isAt(one, two)));
  const isKnown = (one: Endpoint): boolean =>
    // Link-local addresses are of agents that are met by another one, too.
    isV6(one.address) ||
    // Our own addresses were asked at this port.
    (isOwn(one, own) && one.port === port) ||
    asked.some((two) => isAt(one, two));
  const { mdns, srv } = await names;
  const again = await Promise.all([
    ...distinct([...others, ...[...mdns, ...srv].filter((one) => !isKnown(one))])
      .slice(0, HEARD_ASKED_MAX)
      .map(({ address, port: at }) => soundAddress({ address, port: at }, 'heard')),
    // Only to have the system learn whether a router is there.
    ...((await readNeighbours())?.gateways ?? []).map((address) =>
      soundAddress({ address, port }, 'heard').then(() => undefined),
    ),
  ]);
  const targets = [...asked, ...again.filter((one) => one !== undefined)];
  return {
    port,
    product,
    heard,
    targets: await Promise.all(targets.map((target) => askLater(target, heard, own, broadcasts))),
    named: { mdns: mdns.map(toAddress), srv: srv.map(toAddress) },
    unresolved,
    own,
    neighbours: await readNeighbours(),
    outwardFrom: await sourceTowards({ address: OUTSIDE, port }),
    here,
  };
};

const toAddress = ({ address }: Endpoint): string => address;

const distinct = (endpoints: readonly Endpoint[]): readonly Endpoint[] => [
  ...new Map(endpoints.map((one) => [endpointToText(one), one])).values(),
];

const isOwn = ({ address }: Endpoint, own: readonly OwnAddress[]): boolean =>
  own.some((one) => one.address === address);

const isAt = (heard: Endpoint, target: Target): boolean =>
  heard.address === target.address && heard.port === target.port;

/** Whose answer to the broadcast is missing is asked once more, in the other order. */
const askLater = async (
  target: Target,
  heard: readonly Heard[],
  own: readonly OwnAddress[],
  broadcasts: readonly string[],
): Promise<Target> => {
  const { answer, address } = target;
  const isMissing = answer !== null && !heard.some((one) => isAt(one, target));
  if (!isMissing || address.includes(':') || isOwn(answer, own)) return target;
  return { ...target, answersLater: await soundAfter(target, broadcasts) };
};

const broadcastsOf = (interfaces: readonly string[] | null): readonly string[] => {
  const found = listIpv4Addresses(interfaces).map(({ broadcast }) => broadcast);
  const limited = interfaces === null ? ['255.255.255.255'] : [];
  return [...new Set([...found, ...limited])].filter((address) => !address.startsWith('127.'));
};

const NO_MAC = '00:00:00:00:00:00';

const ownAddresses = (): readonly OwnAddress[] =>
  Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address, netmask, mac, internal }) => ({
        interface: name,
        address,
        netmask,
        internal,
        isTunnel: !internal && (mac === NO_MAC || netmask === '255.255.255.255'),
      })),
  );

/** The addresses of the flag, the environment and the client's settings. */
const namedTargets = async ({ args, terminal }: Invocation, port: number) => {
  const settings = readClientSettings(terminal.environment);
  const set = settings.ok ? settings.value.settingsFor(null).agents : [];
  const fromSettings = [...set, terminal.environment['USHER_AGENT'] ?? ''].filter(Boolean);
  const given = [
    ...args.list('agent').map((text) => ({ text, origin: 'flag' as const })),
    ...fromSettings.map((text) => ({ text, origin: 'settings' as const })),
  ];
  const unresolved: string[] = [];
  const found = await Promise.all(
    given.map(async ({ text, origin }) => {
      const endpoints = await resolveAgentAddresses(parseAgentAddresses(text, port) ?? []);
      if (endpoints.length === 0) unresolved.push(text);
      return endpoints.map((endpoint) => ({ endpoint, origin }));
    }),
  );
  const named = found
    .flat()
    .filter(
      ({ endpoint }, i, all) =>
        all.findIndex(
          (one) => one.endpoint.address === endpoint.address && one.endpoint.port === endpoint.port,
        ) === i,
    );
  return { named, unresolved };
};

interface Surroundings {
  readonly agent: Here['agent'];
  readonly port: number;
  readonly interfaces: readonly string[] | null;
  readonly own: readonly OwnAddress[];
}

const lookHere = async ({ agent, port, interfaces, own }: Surroundings): Promise<Here> => {
  const [answers, portHolder, firewall, windows] = await Promise.all([
    Promise.all(own.map(({ address }) => soundAddress({ address, port }, 'heard'))),
    lookAtPort(port),
    lookAtFirewall(port, interfaces),
    platform === 'win32' ? askWindows(runTool, execPath) : undefined,
  ]);
  return {
    platform,
    agent,
    answer: answers.find(({ answer }) => answer !== null)?.answer ?? null,
    portHolder,
    firewall,
    windows: windows ?? null,
  };
};

const askAgentHere = async (invocation: Invocation): Promise<Here['agent']> => {
  try {
    const { status } = await askRunningAgent(invocation, { kind: 'status' });
    const { clock, masters, reach } = status;
    const site =
      status.site === null ? null : (await askRunningAgent(invocation, { kind: 'site-show' })).site;
    return { clockBehind: clock.behind, masters, port: reach.port, site };
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    return error.code === 'NOT_PERMITTED' ? 'not-permitted' : 'none';
  }
};

/** Where the agent here listens, which may have been told otherwise than we; a flag goes before. */
const portToAsk = ({ args, settings }: Invocation, agent: Here['agent']): number =>
  typeof agent === 'string' || args.text('port') !== undefined ? settings().port : agent.port;

/** Takes the port for a moment: whoever has it does not let us. */
const lookAtPort = async (port: number): Promise<Here['portHolder']> => {
  try {
    const socket = await UdpSocket.open({ address: '0.0.0.0', port, onDatagram: () => {} });
    await socket.close();
    return 'nobody';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return 'nobody';
    const name = await findPortHolder(port);
    return name === undefined ? 'somebody' : { name };
  }
};

const lookAtFirewall = async (
  port: number,
  interfaces: readonly string[] | null,
): Promise<FirewallSurvey | null> => {
  try {
    return await surveyFirewall({
      port,
      consolePort: null,
      networks: localNetworks(interfaces),
      isLocal: true,
      withPublic: false,
      interfaces: outerInterfaces(interfaces),
      program: execPath,
    });
  } catch (error) {
    // Then it is said to be unknown.
    if (error instanceof UsherError) return null;
    throw error;
  }
};
