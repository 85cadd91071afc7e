/**
 * Whether a browser means this master. A foreign page can have its own name lead here (DNS rebinding),
 * and can send requests from its own pages: so the name must be one of ours, and the page as well.
 */

import { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopback } from '../../admin/web/visitor-checks.ts';

/** How a request came in. */
export interface Arrival {
  /** The address of ours that it came to. */
  readonly address: string;
  readonly isSecure: boolean;
}

/** Characters of a name with its port. */
const HOST_MAX = 300;

export class PageVisitors {
  readonly #names: readonly string[];
  readonly #certificate: X509Certificate | undefined;

  /** `names`: those it has beside the ones in its certificate (PEM), such as a proxy's. */
  constructor(names: readonly string[], certificate: string | undefined) {
    this.#names = names.map((name) => name.toLowerCase());
    this.#certificate = certificate === undefined ? undefined : new X509Certificate(certificate);
  }

  /** Whether the Host header names this master; at which port does not matter. */
  isOurName(host: string | undefined, { address }: Arrival): boolean {
    if (host === undefined || host.length > HOST_MAX) return false;
    const [, bracketed, plain] =
      /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(host) ?? [];
    const name = (bracketed ?? plain ?? '').toLowerCase();
    if (name === '') return false;
    if (this.#names.includes(name) || name === address) return true;
    if (isLoopback(address) && (name === 'localhost' || isLoopback(name))) return true;
    const certificate = this.#certificate;
    if (certificate === undefined) return false;
    const found = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
    return found !== undefined;
  }

  /** Whether a page of this master sent the request; its name has been checked before. */
  isOurPage({ origin, host, ...headers }: IncomingHttpHeaders, { isSecure }: Arrival): boolean {
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin') return false;
    // Who comes in the open is at this computer, or behind a proxy that speaks https for us.
    return origin === `https://${host}` || (!isSecure && origin === `http://${host}`);
  }
}
