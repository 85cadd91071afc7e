/** Which of etcd's endpoints are on this computer: named by an address of its own, or by a name that has one. */

import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

/** Milliseconds for a name: without its address nothing answers there either. */
const LOOKUP_MS = 1000;

/** The addresses that a name has; rejects where there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const resolveBySystem: Resolve = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** Those of `urls`. It never rejects. */
export const endpointsHere = async (
  urls: readonly string[],
  resolve: Resolve = resolveBySystem,
  own: ReadonlySet<string> = ownAddresses(),
): Promise<ReadonlySet<string>> => {
  const seen = await Promise.all(
    urls.map(async (url) => {
      const name = new URL(url).hostname.replace(/^\[|\]$/g, '');
      const addresses = await inTime(resolve(name));
      return addresses.some((one) => isLoopback(one) || own.has(one)) ? [url] : [];
    }),
  );
  return new Set(seen.flat());
};

const inTime = async (found: Promise<readonly string[]>): Promise<readonly string[]> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((done) => {
    timer = setTimeout(done, LOOKUP_MS, []);
  });
  try {
    return await Promise.race([found, late]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
};

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');

const ownAddresses = (): ReadonlySet<string> =>
  new Set(
    Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address)),
  );
