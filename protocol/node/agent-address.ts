/** Agents' addresses given by hand: `host`, `host:port`, `[ipv6]:port`, several with commas. */

import { isIP } from 'node:net';
import type { Endpoint } from '../endpoint.ts';

export interface AgentAddress {
  readonly host: string;
  readonly port: number;
}

/** Addresses taken from one setting. */
const ADDRESSES_MAX = 32;

/** The addresses in a text, or `undefined` where one is not of the form above. */
export const parseAgentAddresses = (
  text: string,
  defaultPort: number,
): readonly AgentAddress[] | undefined => {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length > ADDRESSES_MAX) return undefined;
  const found: AgentAddress[] = [];
  for (const part of parts) {
    const address = parseOne(part, defaultPort);
    if (address === undefined) return undefined;
    found.push(address);
  }
  return found;
};

const parseOne = (text: string, defaultPort: number): AgentAddress | undefined => {
  if (isIP(text) !== 0) return { host: text, port: defaultPort };
  const match = /^(?:\[([0-9a-f:.%a-z]+)\]|([a-z0-9._-]{1,253}))(?::(\d{1,5}))?$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
};

/** The endpoints of the addresses whose names can be resolved now. */
export const resolveAgentAddresses = async (
  addresses: readonly AgentAddress[],
): Promise<readonly Endpoint[]> => {
  const { lookup } = await import('node:dns/promises');
  const resolved = await Promise.all(
    addresses.map(async ({ host, port }) => {
      const found = await lookup(host, { all: true }).catch(() => []);
      return found.map(({ address }) => ({ address, port }));
    }),
  );
  return resolved.flat();
};
