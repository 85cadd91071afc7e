/** DNS SRV: one record, `_usher._udp.<domain>`, tells a whole site of networks where its agents are. */

import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { env, platform } from 'node:process';
import type { Endpoint } from '../endpoint.ts';
import { askRegistry, parseRegistry } from './windows-registry.ts';

/** Domains asked, and agents taken from what they answer. */
const DOMAINS_MAX = 6;
const TARGETS_MAX = 8;
const ENDPOINTS_MAX = 16;
/** Milliseconds for one question, asked so often. */
const TIMEOUT_MS = 1000;
const TRIES = 3;

const TCPIP = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';

/** The domains in which this computer looks for names; `file` is not another but in tests. */
export const searchDomains = async (file = '/etc/resolv.conf'): Promise<readonly string[]> => {
  const [, ...domain] = hostname().split('.');
  const system =
    platform === 'win32' ? readWindowsDomains((await askRegistry([TCPIP, '/s'])) ?? '') : [];
  const named = [...readResolvConf(file), ...system, env['USERDNSDOMAIN'] ?? '', domain.join('.')];
  const plain = named.map((one) => one.toLowerCase().replace(/\.$/, '')).filter(isDomain);
  return [...new Set(plain)].slice(0, DOMAINS_MAX);
};

/** `local` is mDNS' own. */
const isDomain = (text: string): boolean =>
  text.length <= 240 && text !== 'local' && /^[a-z\d_-]{1,63}(\.[a-z\d_-]{1,63})*$/.test(text);

const readResolvConf = (file: string): readonly string[] => {
  try {
    const lines = readFileSync(file, 'utf8').slice(0, 16_384).split('\n');
    const words = lines.flatMap(
      (line) => /^(?:search|domain)\s+(.*)$/.exec(line.trim())?.[1] ?? [],
    );
    return words.flatMap((one) => one.split(/\s+/));
  } catch {
    return [];
  }
};

/** What the administrator set, and what each network gave by DHCP. */
export const readWindowsDomains = (text: string): readonly string[] =>
  parseRegistry(text).flatMap(({ values }) =>
    ['SearchList', 'Domain', 'DhcpDomain'].flatMap((name) => (values[name] ?? '').split(/[\s,]+/)),
  );

/** The agents that the record of a domain names, those of the best priority first. */
export class ServiceLookup {
  readonly #resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });

  async find(domain: string): Promise<readonly Endpoint[]> {
    const records = await this.#resolver.resolveSrv(`_usher._udp.${domain}`).catch(() => []);
    const sorted = records.filter(({ port }) => port > 0).sort((a, b) => a.priority - b.priority);
    const found = await Promise.all(
      sorted.slice(0, TARGETS_MAX).map(async ({ name, port }) => {
        const [v4, v6] = await Promise.all([
          this.#resolver.resolve4(name).catch(() => []),
          this.#resolver.resolve6(name).catch(() => []),
        ]);
        return [...v4, ...v6].map((address) => ({ address, port }));
      }),
    );
    return found.flat().slice(0, ENDPOINTS_MAX);
  }

  /** Nobody waits any more. */
  cancel(): void {
    this.#resolver.cancel();
  }
}
