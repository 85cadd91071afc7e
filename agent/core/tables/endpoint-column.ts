/** The address that each session last spoke from, in a few bytes a slot. */

import type { Endpoint } from '../../../protocol/endpoint.ts';
import { uint32Column } from './columns.ts';

export class EndpointColumn {
  readonly #ipv4 = uint32Column();
  readonly #ports = uint32Column();
  /** The few that are not IPv4. */
  readonly #others = new Map<number, string>();

  /** The slot's endpoint, or `undefined` when none is known. */
  get(slot: number): Endpoint | undefined {
    const port = this.#ports.get(slot);
    if (port === 0) return undefined;
    return { address: this.#others.get(slot) ?? formatIpv4(this.#ipv4.get(slot)), port };
  }

  /** Whether this is the slot's endpoint: costs no text. */
  isAt(slot: number, { address, port }: Endpoint): boolean {
    if (port !== this.#ports.get(slot) || port === 0) return false;
    const other = this.#others.size === 0 ? undefined : this.#others.get(slot);
    return other === undefined ? parseIpv4(address) === this.#ipv4.get(slot) : other === address;
  }

  set(slot: number, endpoint: Endpoint): void {
    this.#ports.set(slot, endpoint.port);
    const number = parseIpv4(endpoint.address);
    if (number === undefined) this.#others.set(slot, endpoint.address);
    else {
      this.#ipv4.set(slot, number);
      if (this.#others.size > 0) this.#others.delete(slot);
    }
  }

  clear(slot: number): void {
    this.#ports.set(slot, 0);
    this.#others.delete(slot);
  }
}

const formatIpv4 = (value: number): string =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;

/** The number of a dotted quad as the operating system writes it; `undefined` for anything else. */
const parseIpv4 = (text: string): number | undefined => {
  let value = 0;
  let part = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      value = value * 256 + part;
      part = 0;
      dots++;
    } else if (code >= 48 && code <= 57) part = part * 10 + code - 48;
    else return undefined;
  }
  return dots === 3 ? value * 256 + part : undefined;
};
