/**
 * Whether a request is meant for this console. A foreign page can have its own name lead to this
 * computer (DNS rebinding), so the name must be one of ours; and it can send requests here from its
 * own pages, so what changes or tells something must come from a page of ours.
 */

import type { IncomingHttpHeaders } from 'node:http';

/** How a request came in. */
export interface Arrival {
  /** The address of ours that it came to, and the one that it came from. */
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** Names of this computer, in small letters. */
  readonly names: readonly string[];
}

/** Addresses of IPv4 that came through a socket of IPv6, as IPv4. */
export const plainAddress = (address: string | undefined): string =>
  (address ?? '').replace(/^::ffff:/i, '').replace(/%.*$/, '');

export const isLoopback = (address: string): boolean =>
  address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);

/** Whether the Host header names this computer at this port. */
export const isOurHost = (host: string | undefined, arrival: Arrival): boolean => {
  if (host === undefined || host.length > 300) return false;
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(host) ?? [];
  const name = (bracketed ?? plain ?? '').toLowerCase();
  if (name === '') return false;
  const usual = arrival.isSecure ? 443 : 80;
  if (Number(digits ?? usual) !== arrival.port) return false;
  if (name === arrival.localAddress) return true;
  if (
    isLoopback(arrival.localAddress) &&
    (name === 'localhost' || name === '127.0.0.1' || name === '::1')
  ) {
    return true;
  }
  return (
    !isLoopback(arrival.localAddress) &&
    arrival.names.some((one) => name === one || name.startsWith(`${one}.`))
  );
};

/** Whether a page of this console sent the request; `host` has been checked before. */
export const isOurPage = (headers: IncomingHttpHeaders, isSecure: boolean): boolean => {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === `${isSecure ? 'https' : 'http'}://${host}`;
};
