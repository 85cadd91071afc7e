/** Rules for the firewall of Windows, by its own PowerShell commands: those speak no local language. */

import type { Tool } from '../../edges/system-tool.ts';
import type { FirewallSurvey, FirewallWish, Opening, Step, Surveyor } from './firewall.ts';
import { readWindowsState, type WindowsState } from './windows-state.ts';

/** Our rules carry it, so that they are found and removed together. */
const GROUP = 'Usher';

const powershell = (script: string): Step => [
  ...['powershell.exe', '-NoProfile', '-NonInteractive', '-Command'],
  script,
];

/** A text as PowerShell takes it literally. */
const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** One question, because PowerShell takes a second to start. The answer is JSON. */
const stateScript = (program: string): string =>
  [
    "$ErrorActionPreference='Stop'",
    '$me=[Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()',
    '$admin=$me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)',
    '$networks=@(Get-NetConnectionProfile|ForEach-Object{@{interface=$_.InterfaceAlias;category=[int]$_.NetworkCategory}})',
    '$profiles=@(Get-NetFirewallProfile -PolicyStore ActiveStore|ForEach-Object{@{name=$_.Name;enabled=[int]$_.Enabled;localRules=[int]$_.AllowLocalFirewallRules;answers=[int]$_.AllowUnicastResponseToMulticast}})',
    `$rules=@(Get-NetFirewallRule -Group ${quote(GROUP)} -ErrorAction SilentlyContinue|ForEach-Object{@{name=$_.Name;profiles=[int]$_.Profile;enabled=[int]$_.Enabled;port=[string]($_|Get-NetFirewallPortFilter).LocalPort;networks=@(($_|Get-NetFirewallAddressFilter).RemoteAddress);program=[string]($_|Get-NetFirewallApplicationFilter).Program}})`,
    `$blocks=@(Get-NetFirewallApplicationFilter -Program ${quote(program)} -ErrorAction SilentlyContinue|Get-NetFirewallRule|Where-Object{$_.Action -eq 'Block' -and $_.Direction -eq 'Inbound' -and $_.Enabled -eq 'True'}|ForEach-Object{$_.Name})`,
    'ConvertTo-Json -Compress -Depth 4 @{admin=$admin;networks=$networks;profiles=$profiles;rules=$rules;blocks=$blocks}',
  ].join(';');

/** What Windows says of its networks and rules; `undefined` where it cannot be asked. */
export const askWindows = async (
  tool: Tool,
  program: string,
): Promise<WindowsState | undefined> => {
  const answer = await tool(powershell(stateScript(program)));
  return answer.status === 0 ? readWindowsState(answer.out) : undefined;
};

export const surveyWindows: Surveyor = async (tool, wish) => {
  const state = await askWindows(tool, wish.program);
  return state === undefined ? undefined : judgeWindows(state, wish);
};

const judgeWindows = (state: WindowsState, wish: FirewallWish): FirewallSurvey => {
  const own = state.rules.map(({ name }) => name);
  const isOpen =
    state.blocks.length === 0 &&
    doorsOf(wish).every((door) => state.rules.some((rule) => isSameRule(rule, door, wish)));
  const off = state.profiles.filter(({ isEnabled }) => !isEnabled).map(({ name }) => name);
  const networks = state.networks.map((one) => `${one.interface} is ${one.category}`).join(', ');
  return {
    firewall: 'windows',
    state:
      `Networks: ${networks || 'none connected'}.` +
      (off.length === 0 ? '' : ` The firewall is off for: ${off.join(', ')}.`),
    isOpen,
    isNamedByOthers: false,
    own,
    refusal: wish.withPublic ? null : refusePublic(state),
    warnings: warningsOf(state, wish),
    open: isOpen ? [] : [powershell(openScript(wish))],
    close: own.length === 0 ? [] : [powershell(REMOVE)],
  };
};

/** Where every network is public, rules for the others would do nothing, and that is no accident. */
const refusePublic = ({ networks }: WindowsState): string | null => {
  const [first] = networks;
  if (first === undefined || networks.some(({ category }) => category !== 'public')) return null;
  return (
    `Windows takes the network of ${first.interface} for public, where nothing is opened by itself. ` +
    `If it is yours, run in PowerShell: ${privateCommand(first.interface)} (or open it there, too, with --public).`
  );
};

/** Makes a network private: the cure of a wrong profile. */
export const privateCommand = (name: string): string =>
  `Set-NetConnectionProfile -InterfaceAlias ${quote(name)} -NetworkCategory Private`;

const warningsOf = (
  { networks, profiles, blocks }: WindowsState,
  { withPublic }: FirewallWish,
): readonly string[] => {
  const names = networks.filter(({ category }) => category === 'public');
  const mixed = !withPublic && names.length > 0 && names.length < networks.length;
  const managed = profiles.filter(({ allowsLocalRules }) => !allowsLocalRules);
  return [
    ...(mixed
      ? [`Nothing is opened on ${names.map((one) => one.interface).join(', ')}: it is public.`]
      : []),
    ...(managed.length === 0
      ? []
      : [
          `A group policy makes the profile ${managed.map(({ name }) => name).join(', ')} ignore rules made here: ask who manages this computer.`,
        ]),
    ...(blocks.length === 0
      ? []
      : [
          `A rule blocks this program, and blocking goes before letting in. Remove it in PowerShell: ${blocks.map((name) => `Remove-NetFirewallRule -Name ${quote(name)}`).join('; ')}`,
        ]),
  ];
};

const REMOVE = `Remove-NetFirewallRule -Group ${quote(GROUP)} -ErrorAction SilentlyContinue`;

/** One rule lets in all networks of a wish. */
interface Door extends Pick<Opening, 'protocol' | 'port'> {
  readonly name: string;
}

const doorsOf = ({ port, consolePort }: FirewallWish): readonly Door[] => [
  { name: 'usher-udp', protocol: 'udp', port },
  ...(consolePort === null
    ? []
    : [{ name: 'usher-tcp', protocol: 'tcp', port: consolePort } as const]),
];

const remoteOf = ({ isLocal, networks }: FirewallWish): readonly string[] =>
  isLocal ? ['LocalSubnet'] : networks;

const isSameRule = (rule: WindowsState['rules'][number], door: Door, wish: FirewallWish): boolean =>
  rule.name === door.name &&
  rule.isEnabled &&
  rule.port === `${door.port}` &&
  rule.isPublic === wish.withPublic &&
  rule.program.toLowerCase() === wish.program.toLowerCase() &&
  [...rule.networks].sort().join() === [...remoteOf(wish)].sort().join();

/** Ours are removed first: the same name twice is refused. */
const openScript = (wish: FirewallWish): string =>
  [
    "$ErrorActionPreference='Stop'",
    REMOVE,
    ...doorsOf(wish).map(({ name, protocol, port }) =>
      [
        `New-NetFirewallRule -Name ${quote(name)}`,
        `-DisplayName ${quote(`Usher ${protocol === 'udp' ? 'clients' : 'console'} (${protocol.toUpperCase()} ${port})`)}`,
        `-Group ${quote(GROUP)} -Direction Inbound -Action Allow`,
        `-Protocol ${protocol.toUpperCase()} -LocalPort ${port}`,
        `-Program ${quote(wish.program)}`,
        `-Profile ${wish.withPublic ? 'Domain,Private,Public' : 'Domain,Private'}`,
        `-RemoteAddress ${remoteOf(wish).map(quote).join(',')}|Out-Null`,
      ].join(' '),
    ),
  ].join('; ');
