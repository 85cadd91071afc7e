/** Judges the way between this computer and the agents. */

import { endpointToText } from '../../../protocol/endpoint.ts';
import { DEFAULT_PORT } from '../../../protocol/limits.ts';
import type { Evidence, Heard, Target } from './evidence.ts';
import { type Diagnosis, trouble, unknown, well } from './finding.ts';
import { isBeyondRouter, isUp, linksTo, tunnelTo } from './reachability.ts';

const isSilent = ({ answer }: Target): boolean => answer === null;

/** Whether it answered a broadcast. */
const isHeardAt = ({ heard }: Evidence, { address }: Target): boolean =>
  heard.some((one) => one.address === address);

/** The command that has clients ask an address, whatever becomes of broadcasts. */
const askByAddress = (target: Target): string =>
  `usher client set --agent ${target.port === DEFAULT_PORT ? target.address : endpointToText(target)}`;

const NAME_ONE = 'usher doctor --agent HOST';

/** Nobody answered and nobody was named: there is nothing to judge by. */
const isBlind = ({ heard, targets }: Evidence): boolean =>
  heard.length === 0 && targets.length === 0;

export const judgeNoAgent = (evidence: Evidence): Diagnosis => {
  const [name] = evidence.unresolved;
  if (name !== undefined) {
    return trouble(`No address is known for ${name}.`, `getent hosts ${name}`);
  }
  const refused = evidence.targets.find(
    (one) => isSilent(one) && one.error === 'refused' && !isHeardAt(evidence, one),
  );
  if (refused !== undefined) {
    return trouble(
      `${refused.address} is up and refuses UDP ${refused.port}: no agent runs there, or its firewall rejects the port.`,
      `usher service start (on ${refused.address})`,
    );
  }
  const names = new Set([...evidence.heard, ...answers(evidence)].map(({ name: one }) => one));
  if (names.size > 0) return well(`${[...names].join(', ')} answered.`);
  return unknown('No agent answered. Name the computer where one should run.', NAME_ONE);
};

export const answers = ({ targets, here }: Evidence): readonly Heard[] =>
  [...targets, here].flatMap(({ answer }) => answer ?? []);

export const judgeBlockedPort = (evidence: Evidence): Diagnosis => {
  for (const target of evidence.targets.filter(isSilent)) {
    const isHeard = isHeardAt(evidence, target);
    if ((target.error === 'refused' && !isHeard) || target.isStrange) continue;
    const how = isHeard
      ? 'answers broadcasts, but not what is sent to its own address'
      : 'is up, but does not answer';
    if (!isHeard && isUp(evidence, target) !== true) continue;
    return trouble(
      `${target.address} ${how}: its firewall drops UDP ${target.port}, or another program has the port.`,
      `usher firewall open (on ${target.address})`,
    );
  }
  const local = judgeOwnFirewall(evidence);
  if (local !== undefined) return local;
  const silent = evidence.targets.find(isSilent);
  if (silent !== undefined) {
    return unknown(
      `Nothing comes back from ${silent.address}; whether a firewall is why cannot be seen from here.`,
      `usher doctor (on ${silent.address})`,
    );
  }
  if (isBlind(evidence)) {
    return unknown('Whether a port is blocked shows at an address.');
  }
  return well(`UDP ${evidence.port} is answered.`);
};

/** The firewall here counts where an agent is here. */
const judgeOwnFirewall = ({ here, port }: Evidence): Diagnosis | undefined => {
  if (here.answer === null && here.agent === 'none') return undefined;
  if (here.firewall === null) {
    return unknown(
      'This user may not see the firewall of this computer, where an agent runs.',
      here.platform === 'win32' ? 'usher firewall show' : 'sudo usher firewall show',
    );
  }
  if (here.firewall.isOpen) return undefined;
  if (here.firewall.isNamedByOthers) {
    return unknown(
      `${here.firewall.firewall} has rules of others for UDP ${port}; whether they let clients in is seen from a client.`,
      'usher doctor --agent HOST (on a client)',
    );
  }
  return trouble(
    `${here.firewall.firewall} filters what comes in here, and no rule lets clients in by UDP ${port}.`,
    'usher firewall open',
  );
};

export const judgeBroadcast = (evidence: Evidence): Diagnosis => {
  for (const target of evidence.targets) {
    const isMissing = target.answersLater !== null;
    if (isMissing && evidence.named.mdns.includes(target.address)) {
      return well(`The answers of ${target.address} to broadcasts get lost; mDNS finds it.`);
    }
    if (target.answersLater === true) {
      return trouble(
        `${target.address} answers broadcasts, and the firewall of this computer drops the answers; those to its address come in.`,
        askByAddress(target),
      );
    }
    const isOnLink = linksTo(evidence, target).length > 0 && !tunnelTo(evidence, target);
    if (target.answersLater === false && isOnLink && target.origin !== 'settings') {
      return trouble(
        `${target.address} answers at its address, but broadcasts do not arrive there: a firewall there, a switch or an access point drops them.`,
        askByAddress(target),
      );
    }
  }
  if (evidence.heard.length > 0) return well('Broadcasts are answered.');
  return unknown(
    evidence.targets.some(({ answer }) => answer !== null)
      ? 'Nobody on this link answers broadcasts; agents elsewhere are asked by address.'
      : 'Nobody answered a broadcast.',
  );
};

export const judgeSubnet = (evidence: Evidence): Diagnosis => {
  const beyond = evidence.targets.filter((one) => isBeyondRouter(evidence, one));
  const unset = beyond.find(
    ({ origin, address }) => origin === 'flag' && !evidence.named.srv.includes(address),
  );
  if (unset !== undefined) {
    const answered = isSilent(unset) ? 'It does not answer either.' : 'It answers at its address.';
    return trouble(
      unset.leavesFrom === null
        ? `${unset.address} is in another network, and this computer knows no way there.`
        : `${unset.address} is in another subnet, where broadcasts do not arrive. ${answered}`,
      askByAddress(unset),
    );
  }
  const [set] = beyond;
  if (set !== undefined) {
    const isNamed = evidence.named.srv.includes(set.address);
    const how = isNamed ? 'DNS names it' : 'is asked by address';
    return well(`${set.address} is in another subnet, and ${how}.`);
  }
  if (isBlind(evidence)) {
    return unknown('Nobody on this link answered; an agent elsewhere must be named.');
  }
  return well('The agents are in the subnets of this computer.');
};

export const judgeRoute = (evidence: Evidence): Diagnosis => {
  for (const target of evidence.targets) {
    const tunnel = tunnelTo(evidence, target);
    if (tunnel === undefined) continue;
    const link = linksTo(evidence, target).find(({ isTunnel }) => !isTunnel);
    if (link !== undefined) {
      return trouble(
        `${target.address} is in the network of ${link.interface}, but what is sent there leaves by the tunnel ${tunnel.interface}.`,
        routeCommand(evidence, target.address, link.interface),
      );
    }
    if (target.origin !== 'flag' && target.answer !== null) continue;
    return trouble(
      `What is sent to ${target.address} leaves by the tunnel ${tunnel.interface}, where no broadcast goes.`,
      askByAddress(target),
    );
  }
  const out = evidence.own.find(({ address }) => address === evidence.outwardFrom);
  if (out?.isTunnel === true && evidence.heard.length === 0) {
    return unknown(
      `The way out of this computer is the tunnel ${out.interface}; whether it is the way to the agent shows at its address.`,
      NAME_ONE,
    );
  }
  return well('No tunnel is in the way.');
};

const routeCommand = ({ here }: Evidence, address: string, link: string): string =>
  here.platform === 'win32'
    ? `New-NetRoute -DestinationPrefix ${address}/32 -InterfaceAlias '${link}'`
    : `ip route replace ${address}/32 dev ${link}`;

const isHere = ({ own }: Evidence, asked: string): boolean =>
  asked.startsWith('127.') || asked === '::1' || own.some(({ address }) => address === asked);

export const judgeIsolation = (evidence: Evidence): Diagnosis => {
  const { neighbours } = evidence;
  const absent = evidence.targets.find((one) => isUp(evidence, one) === false);
  if (absent === undefined) {
    const reached = [...evidence.heard, ...evidence.targets.filter((one) => !isSilent(one))];
    if (reached.some(({ address }) => !isHere(evidence, address))) {
      return well('The computers of this link reach each other.');
    }
    if (reached.length > 0) {
      return unknown(
        'Only this computer answered: whether others reach it shows on one of them.',
        'usher doctor (on a client)',
      );
    }
    return unknown('Whether neighbours reach each other shows at an address.');
  }
  const router = neighbours?.gateways.find((one) => neighbours.present.includes(one));
  const but = router === undefined ? '' : `, while the router ${router} does`;
  return unknown(
    `${absent.address} does not answer on the link${but}: it is off, or an access point keeps computers apart (client isolation).`,
    `usher doctor (on ${absent.address}; if it is well there, turn off client isolation in the access point)`,
  );
};
