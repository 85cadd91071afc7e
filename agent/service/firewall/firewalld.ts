/** Rules for firewalld, the firewall of Fedora, Red Hat and SUSE. */

import { isIPv6 } from 'node:net';
import type { Tool } from '../../edges/system-tool.ts';
import {
  type FirewallWish,
  type Opening,
  type OwnRule,
  openingsOf,
  type Step,
  type Surveyor,
  settle,
  type WantedRule,
} from './firewall.ts';

/** The definitions that the packages bring, by protocol; they open nothing by themselves. */
const SERVICES = { udp: 'usher', tcp: 'usher-console' } as const;

/** What marks a definition that was made here because no package brought one. */
const MADE_HERE = 'Made by usher firewall open';

const firewallCmd = (...words: readonly string[]): Step => ['firewall-cmd', ...words];

export const surveyFirewalld: Surveyor = async (tool, wish) => {
  // Each question takes a good part of a second, hence all at once, after the one that decides.
  const answer = await tool(firewallCmd('--list-all-zones'));
  if (answer.status !== 0) return undefined;
  const listing = answer.out;
  const [fallback, permanent, services] = await Promise.all([
    tool(firewallCmd('--get-default-zone')),
    tool(firewallCmd('--permanent', '--list-all-zones')),
    serviceSteps(tool, wish),
  ]);
  const zones = zonesOf(listing, fallback.out.trim(), wish.interfaces);
  const now = ownRules(listing, []);
  const lasting = ownRules(permanent.out, ['--permanent']);
  const own = [...now, ...lasting];
  const wanted = zones.flatMap((zone) => wantedRules(zone, wish));
  const plan = settle(wanted, own);
  return {
    firewall: 'firewalld',
    state: `firewalld is running; the agent's interfaces are in ${describeZones(zones)}.`,
    isOpen: services.define.length === 0 && plan.isOpen,
    isNamedByOthers: new RegExp(`^ +(services:.* usher|ports:.* ${wish.port}/udp)( |$)`, 'm').test(
      listing,
    ),
    own: now.map(({ key }) => key),
    refusal: null,
    warnings:
      services.define.length === 0
        ? []
        : [
            'firewalld has no definition of this port yet: it is made, and firewalld reloads, which forgets rules that were not made permanent.',
          ],
    // The definition first: a rule by its name is refused without.
    open: [...services.define, ...plan.open],
    close: [...plan.close, ...services.forget],
  };
};

const describeZones = (zones: readonly string[]): string =>
  `${zones.length === 1 ? 'zone' : 'the zones'} ${zones.join(', ')}`;

/** Interfaces that nobody has put into a zone are in the default one. */
const zonesOf = (
  listing: string,
  fallback: string,
  interfaces: readonly string[],
): readonly string[] => {
  const zoneByInterface = new Map<string, string>();
  let zone = fallback;
  for (const line of listing.split('\n')) {
    const [, names] = /^\s+interfaces: (.+)$/.exec(line) ?? [];
    if (/^\S/.test(line)) zone = line.split(' ')[0] ?? fallback;
    for (const name of names?.trim().split(/\s+/) ?? []) zoneByInterface.set(name, zone);
  }
  return [...new Set(interfaces.map((name) => zoneByInterface.get(name) ?? fallback))];
};

const richRule = ({ protocol, network }: Opening): string => {
  const family = isIPv6(network.split('/')[0] ?? '') ? 'ipv6' : 'ipv4';
  return `rule family="${family}" source address="${network}" service name="${SERVICES[protocol]}" accept`;
};

/** Each rule twice: for now, and for good. A reload would forget what others made for now only. */
const wantedRules = (zone: string, wish: FirewallWish): readonly WantedRule[] =>
  openingsOf(wish).flatMap((opening) =>
    [[], ['--permanent']].map((how) => ({
      key: ruleKey(zone, how, richRule(opening)),
      add: [firewallCmd(...how, `--zone=${zone}`, `--add-rich-rule=${richRule(opening)}`)],
    })),
  );

const ruleKey = (zone: string, how: readonly string[], rule: string): string =>
  `${[...how, `--zone=${zone}`].join(' ')} ${rule}`;

/** Of `--list-all-zones`: a zone's name stands at the margin, its rules are indented. */
const ownRules = (listing: string, how: readonly string[]): readonly OwnRule[] => {
  const found: OwnRule[] = [];
  let zone = '';
  for (const line of listing.split('\n')) {
    if (/^\S/.test(line)) zone = line.split(' ')[0] ?? '';
    const rule = line.trim();
    if (!/^rule .*service name="usher(-console)?"/.test(rule)) continue;
    const remove = [firewallCmd(...how, `--zone=${zone}`, `--remove-rich-rule=${rule}`)];
    found.push({ key: ruleKey(zone, how, rule), remove });
  }
  return found;
};

interface ServiceSteps {
  readonly define: readonly Step[];
  readonly forget: readonly Step[];
}

/** How to make the definitions that are missing, and to take away those made here. */
const serviceSteps = async (tool: Tool, wish: FirewallWish): Promise<ServiceSteps> => {
  const each = await Promise.all([
    stepsOfService(tool, 'udp', wish.port),
    stepsOfService(tool, 'tcp', wish.consolePort),
  ]);
  const define = each.flatMap((one) => one.define);
  const reload = define.length === 0 ? [] : [firewallCmd('--reload')];
  return { define: [...define, ...reload], forget: each.flatMap((one) => one.forget) };
};

const stepsOfService = async (
  tool: Tool,
  protocol: Opening['protocol'],
  port: number | null,
): Promise<ServiceSteps> => {
  const name = SERVICES[protocol];
  const service = (...words: readonly string[]): Step =>
    firewallCmd('--permanent', `--service=${name}`, ...words);
  const [short, known] = await Promise.all([
    tool(service('--get-short')),
    tool(firewallCmd(`--info-service=${name}`)),
  ]);
  const isMadeHere = short.out.trim() === MADE_HERE;
  const forget = isMadeHere ? [firewallCmd('--permanent', `--delete-service=${name}`)] : [];
  const isDefined = new RegExp(`ports:.* ${port}/${protocol}\\b`).test(known.out);
  if (port === null || isDefined) return { define: [], forget };
  const make = [
    firewallCmd('--permanent', `--new-service=${name}`),
    service(`--set-short=${MADE_HERE}`),
  ];
  const define = [...(short.status === 0 ? [] : make), service(`--add-port=${port}/${protocol}`)];
  return { define, forget };
};
