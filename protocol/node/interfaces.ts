/** This computer's network interfaces, as discovery needs them. */

import { networkInterfaces, platform } from 'node:os';

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

/** How an interface is named to a socket of each family, where multicasts reach others. */
export interface MulticastInterface {
  readonly name: string;
  readonly family: 4 | 6;
  readonly address: string;
  /** Its IPv4 address, or `::%` and its scope: see `UdpSocket.join`. */
  readonly via: string;
  /** Zero for IPv4. */
  readonly scope: number;
}

/** The interfaces by which multicasts can be sent: the first address of each family on each. */
export const listMulticastInterfaces = (): readonly MulticastInterface[] => {
  const found: MulticastInterface[] = [];
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    const outward = addresses.filter(({ internal }) => !internal);
    const v4 = outward.find(({ family }) => family === 'IPv4');
    if (v4 !== undefined) {
      const { address } = v4;
      found.push({ name, family: 4, address, via: address, scope: 0 });
    }
    const v6 = outward.find((one) => one.family === 'IPv6' && one.scopeid > 0);
    if (v6?.family !== 'IPv6') continue;
    const { address, scopeid } = v6;
    found.push({ name, family: 6, address, via: `::%${scopeOf(name, scopeid)}`, scope: scopeid });
  }
  return found;
};

/** Windows numbers its interfaces, the others name them. */
const scopeOf = (name: string, scope: number): string =>
  platform() === 'win32' ? String(scope) : name;
