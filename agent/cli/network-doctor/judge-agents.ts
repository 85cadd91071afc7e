/** Judges the agents that answered, and this computer. */

import { SPOKEN, sharesVersion } from '../../../protocol/offers.ts';
import { reasonOf } from '../../core/activation/master-view.ts';
import { privateCommand } from '../../service/firewall/windows-firewall.ts';
import { renderTime } from '../columns.ts';
import type { Evidence, Heard } from './evidence.ts';
import { type Diagnosis, trouble, unasked, unknown, well } from './finding.ts';
import { answers } from './judge-way.ts';

/** Every answer, however it was asked for. */
const allHeard = (evidence: Evidence): readonly Heard[] => [
  ...evidence.heard,
  ...answers(evidence),
];

const NOBODY = 'No agent answered that could be judged.';

export const judgePort = ({ here, targets, port }: Evidence): Diagnosis => {
  const { portHolder, answer } = here;
  if (portHolder !== 'nobody' && answer === null) {
    const who =
      portHolder === 'somebody' ? 'a program that this user may not see' : portHolder.name;
    return trouble(
      `UDP port ${port} of this computer is taken by ${who}, which is no agent.`,
      stopCommand(here.platform, who, port),
    );
  }
  const strange = targets.find((one) => one.isStrange && one.answer === null);
  if (strange !== undefined) {
    return trouble(
      `What answers at UDP ${strange.port} of ${strange.address} is no agent.`,
      `usher doctor (on ${strange.address}, as administrator: it names the program)`,
    );
  }
  return well(
    portHolder === 'nobody'
      ? `UDP port ${port} of this computer is free: no agent runs here.`
      : `UDP port ${port} of this computer belongs to the agent here.`,
  );
};

const stopCommand = (platform: string, who: string, port: number): string => {
  const [, pid] = /^process (\d+)/.exec(who) ?? [];
  if (platform === 'win32') return pid === undefined ? `netstat -abn` : `taskkill /PID ${pid}`;
  return pid === undefined ? `sudo ss -ulpn sport = :${port}` : `kill ${pid}`;
};

export const judgeProfile = ({ here }: Evidence): Diagnosis => {
  if (here.platform !== 'win32') return well('This computer has no network profiles.');
  if (here.windows === null) {
    return unknown('PowerShell does not tell the network profile.', 'Get-NetConnectionProfile');
  }
  const { networks, rules, profiles } = here.windows;
  const isPublic = networks.find(({ category }) => category === 'public');
  const isAgentHere = here.answer !== null || here.agent !== 'none';
  if (isPublic !== undefined && isAgentHere && !rules.some((rule) => rule.isPublic)) {
    return trouble(
      `Windows takes the network of ${isPublic.interface} for public, and keeps clients out there.`,
      privateCommand(isPublic.interface),
    );
  }
  const deaf = profiles.find(({ isEnabled, allowsAnswers }) => isEnabled && !allowsAnswers);
  if (deaf !== undefined) {
    return trouble(
      `The profile ${deaf.name} of the firewall drops answers to broadcasts.`,
      `Set-NetFirewallProfile -Name ${deaf.name} -AllowUnicastResponseToMulticast True`,
    );
  }
  const seen = networks.map((one) => `${one.interface} is ${one.category}`).join(', ');
  return well(`${seen || 'No network is connected'}.`);
};

/** Two that run at once and say that they are the same: a data folder was copied. */
export const judgeTwins = (evidence: Evidence): Diagnosis => {
  const all = allHeard(evidence);
  for (const one of all) {
    const twin = all.find(
      (other) =>
        other.agentKey === one.agentKey &&
        other.epoch !== one.epoch &&
        other.address !== one.address,
    );
    if (twin === undefined) continue;
    return trouble(
      `${one.address} and ${twin.address} run the same agent twice, from a copied data folder: clients are thrown from one to the other.`,
      `usher host adopt (on the one of them that is the copy, when its agent is stopped)`,
    );
  }
  const agents = new Set(all.map(({ agentKey }) => agentKey)).size;
  if (agents === 0) return unknown(NOBODY);
  return well(
    agents === 1 ? 'There is one agent.' : `There are ${agents} agents, none of them twice.`,
  );
};

export const judgeVersion = (evidence: Evidence): Diagnosis => {
  const all = allHeard(evidence);
  const alien = all.find(({ versions }) => !sharesVersion(versions));
  if (alien !== undefined) {
    const isOlder = alien.versions.newest < SPOKEN.oldest;
    return trouble(
      `The agent of ${alien.address} (Usher ${alien.version}) speaks ${isOlder ? 'an older' : 'a newer'} protocol than Usher here.`,
      `install the newer Usher ${isOlder ? `on ${alien.address}` : 'here'}; \`usher --version\` tells both`,
    );
  }
  return all.length === 0 ? unknown(NOBODY) : well('All speak the same protocol.');
};

export const judgeClock = ({ here }: Evidence): Diagnosis => {
  if (typeof here.agent === 'string') {
    return unasked(here.agent, "Answers carry no time: the agent's clock is seen on its computer.");
  }
  const { clockBehind } = here.agent;
  if (clockBehind === 0) return well('The clock of the agent here has not gone back.');
  return trouble(
    `The clock of this computer is ${clockBehind} s behind the latest time that the agent has seen: licenses are judged by that.`,
    here.platform === 'win32' ? 'w32tm /resync' : 'timedatectl set-ntp true',
  );
};

export const judgeLicense = (evidence: Evidence): Diagnosis => {
  const { product } = evidence;
  const all = allHeard(evidence);
  const [first] = all;
  if (first === undefined) return unknown(NOBODY);
  const hasIt = all.some(
    ({ products, more }) =>
      more > 0 ||
      (product === null ? products.length > 0 : products.some((one) => one.product === product)),
  );
  if (hasIt) return well(`There is a license${product === null ? '' : ` for ${product}`}.`);
  return trouble(
    `No agent that answered has a license${product === null ? '' : ` for ${product}`}.`,
    `usher license add FILE (on ${first.address})`,
  );
};

/** Whether the masters that the licenses of the agent here name can be reached from here. */
export const judgeMaster = ({ here }: Evidence): Diagnosis => {
  if (typeof here.agent === 'string') {
    return unasked(here.agent, "An agent's masters are called from its own computer.");
  }
  const { masters } = here.agent;
  const silent = masters.find(({ standing }) => standing === 'silent');
  if (silent !== undefined) {
    const since = silent.silentSince === null ? '' : ` since ${renderTime(silent.silentSince)}`;
    return trouble(
      `The master ${silent.master} has not answered${since}: ${reasonOf(silent)}`,
      'usher license refresh (it asks at once; HTTPS_PROXY names a proxy)',
    );
  }
  if (masters.length === 0) return well('No license of the agent here names a master.');
  const other = masters.find(({ standing }) => standing === 'unasked');
  return other === undefined
    ? well(
        `Every master answered when it was asked last: ${masters.map((one) => one.master).join(', ')}.`,
      )
    : unknown(`The agent has not called ${other.master} since its start.`, 'usher license refresh');
};
