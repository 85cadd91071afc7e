/** Whom a firewall is to let in: the networks that this computer is in, or others by name. */

import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Networks in one scope. */
const NETWORKS_MAX = 64;

/** Everybody on the same link by IPv6. */
const LINK_LOCAL = 'fe80::/10';

/** What `os.networkInterfaces` says of one address, as far as it is needed. */
export interface InterfaceAddress {
  readonly family: 'IPv4' | 'IPv6';
  readonly address: string;
  /** With the length of its network: `10.0.0.7/24`. */
  readonly cidr: string | null;
  readonly internal: boolean;
}

/** The interfaces of a computer by name. */
export type InterfaceTable = Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;

/** The interfaces that lead out of this computer: those named, or all. */
export const outerInterfaces = (
  only: readonly string[] | null,
  table: InterfaceTable = networkInterfaces(),
): readonly string[] =>
  Object.keys(table).filter(
    (name) =>
      (only?.includes(name) ?? true) && (table[name] ?? []).some((address) => !address.internal),
  );

/** The networks that this computer is in by the named interfaces, or by all. */
export const localNetworks = (
  only: readonly string[] | null,
  table: InterfaceTable = networkInterfaces(),
): readonly string[] => {
  const found = new Set<string>();
  for (const name of outerInterfaces(only, table)) {
    for (const { family, cidr, internal } of table[name] ?? []) {
      if (internal) continue;
      // IPv6 is asked for by link-local multicast; further networks are for --scope.
      if (family === 'IPv6') found.add(LINK_LOCAL);
      else if (cidr !== null) found.add(networkOf(cidr));
    }
  }
  return [...found].sort();
};

/**
 * The networks that a scope names: `local`, addresses and networks with commas between; `undefined`
 * where it has another form.
 */
export const parseScope = (
  text: string,
  local: readonly string[],
): readonly string[] | undefined => {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0 || parts.length > NETWORKS_MAX) return undefined;
  const found = new Set<string>();
  for (const part of parts) {
    if (part === 'local') {
      for (const network of local) found.add(network);
      continue;
    }
    const [address = '', length, more] = part.split('/');
    const bits = isIPv6(address) ? 128 : 32;
    if (isIP(address) === 0 || address.includes('%') || more !== undefined) return undefined;
    if (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= bits)) {
      return undefined;
    }
    const whole = length === undefined || Number(length) === bits;
    found.add(whole ? address : networkOf(`${address}/${Number(length)}`));
  }
  return [...found];
};

/** `10.0.0.7/24` → `10.0.0.0/24`; IPv6 as it was written. */
const networkOf = (cidr: string): string => {
  const [address = '', length = '32'] = cidr.split('/');
  if (isIPv6(address)) return cidr;
  const bits = Number(length);
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(value / size) * size;
  const quad = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
  return bits === 32 ? quad : `${quad}/${bits}`;
};
