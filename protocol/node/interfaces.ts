/** This computer's network interfaces, as discovery needs them. */

import { networkInterfaces } from 'node:os';
import { platform } from 'node:process';
import { isInNetwork } from '../ip-address.ts';

export interface Ipv4Address {
  readonly interface: string;
  readonly address: string;
  /** Where everybody on that network listens: the host part all ones (RFC 919). */
  readonly broadcast: string;
}

/** An interface that leads out of this computer. */
export interface Link {
  readonly name: string;
  /** By which sockets name it in IPv6; `undefined` where it has no link-local address. */
  readonly zone: string | undefined;
  readonly addresses: readonly { readonly address: string; readonly netmask: string }[];
}

/** Interfaces looked at: computers full of containers have many. */
const LINKS_MAX = 64;

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

/** The interfaces, or those named, that have an address and lead out of this computer. */
export const listLinks = (only: readonly string[] | null): readonly Link[] =>
  Object.entries(networkInterfaces())
    .flatMap(([name, all = []]) => {
      if (only !== null && !only.includes(name)) return [];
      const addresses = all.filter(({ internal }) => !internal);
      const local = addresses.find(({ address }) => /^fe[89ab]/i.test(address));
      const index = local?.family === 'IPv6' ? local.scopeid : undefined;
      const zone = platform === 'win32' ? index?.toString() : index && name;
      return addresses.length === 0 ? [] : [{ name, zone: zone || undefined, addresses }];
    })
    .slice(0, LINKS_MAX);

/** The IPv4 addresses of a link. */
export const ipv4Of = ({ addresses }: Link): readonly string[] =>
  addresses.flatMap(({ address }) => (address.includes(':') ? [] : address));

/** Whether the link is in the network of an address, which may name its zone. */
export const isOnLink = ({ zone, addresses }: Link, address: string): boolean => {
  const [bare = '', named] = address.split('%');
  if (named !== undefined && named !== zone) return false;
  return addresses.some((own) => isInNetwork(bare, own.address, own.netmask));
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
