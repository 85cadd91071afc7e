/** A seat that somebody could ask for, as flags describe it. */

import { hostname, userInfo } from 'node:os';
import type { SeatWish } from '../../protocol/requests.ts';
import { UsherError } from '../usher-error.ts';
import type { Flag, Invocation } from './command.ts';

/** The flags that describe who asks for what. */
export const WISH_FLAGS = {
  product: { kind: 'text', value: 'NAME', summary: 'the product' },
  class: { kind: 'text', value: 'NAME', summary: 'the class of seat' },
  feature: { kind: 'list', value: 'NAME', summary: 'a feature that the seat must cover' },
  resource: { kind: 'text', value: 'NAME', summary: 'the database or project' },
  user: { kind: 'text', value: 'NAME', summary: 'who asks [default: you]' },
  host: { kind: 'text', value: 'NAME', summary: 'on which computer [default: this one]' },
  address: { kind: 'text', value: 'ADDRESS', summary: "that computer's address" },
  application: { kind: 'text', value: 'NAME', summary: 'by which application' },
} as const satisfies Readonly<Record<string, Flag>>;

export interface Asked {
  readonly wish: SeatWish;
  readonly address: string | null;
}

/** The wish that the flags describe, of `product` where they name none. Code: WRONG_USAGE. */
export const readWish = ({ args }: Invocation, product?: string): Asked => {
  const named = args.text('product') ?? product;
  if (named === undefined) throw new UsherError('WRONG_USAGE', '--product NAME is needed.');
  const wish: SeatWish = {
    product: named,
    class: args.text('class') ?? null,
    resource: args.text('resource') ?? null,
    features: args.list('feature'),
    weight: 1,
    version: null,
    released: null,
    holder: {
      user: args.text('user') ?? userName(),
      host: args.text('host') ?? hostname(),
      process: 0,
      application: args.text('application') ?? '',
    },
  };
  return { wish, address: args.text('address') ?? null };
};

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A service user without an account entry has no name.
    return '';
  }
};
