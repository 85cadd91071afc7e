/** This computer's network interfaces, as discovery needs them. */

import { networkInterfaces } from 'node:os';

export interface Ipv4Address {
  readonly interface: string;
  readonly address: string;
  /** Where everybody on that network listens: the host part all ones (RFC 919). */
  readonly broadcast: string;
}

/** The IPv4 addresses of every interface, or of the named ones. */
export const listIpv4Addresses = (only: readonly string[] | null): readonly Ipv4Address[] => {
  const found: Ipv4Address[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    if (only !== null && !only.includes(name)) continue;
    for (const { family, address, netmask } of addresses ?? []) {
      if (family !== 'IPv4') continue;
      found.push({ interface: name, address, broadcast: broadcastAddress(address, netmask) });
    }
  }
  return found;
};

/** The interfaces of `names` that this computer does not have. */
export const missingInterfaces = (names: readonly string[]): readonly string[] => {
  const present = Object.keys(networkInterfaces());
  return names.filter((name) => !present.includes(name));
};

/** `address | ~netmask`, both dotted quads. */
export const broadcastAddress = (address: string, netmask: string): string => {
  const mask = netmask.split('.').map(Number);
  return address
    .split('.')
    .map((part, i) => (Number(part) | (~(mask[i] ?? 255) & 255)).toString())
    .join('.');
};
