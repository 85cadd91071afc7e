/** How the program made of the C client prints what it has read. */

import { REFUSALS } from '../../protocol/refusal.ts';

/** A reply by its kind and its fields as they stand in JSON. */
export interface PrintedReply {
  readonly kind: unknown;
  readonly fields: unknown;
}

/** A field as the program prints it. */
export const printed = (value: unknown): string => {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'object' && 'hex' in value) return String(value.hex);
  return String(value);
};

const codeOf = (number: unknown): string =>
  Object.entries(REFUSALS).find(([, refusal]) => refusal.number === number)?.[0] ?? 'bad-request';

/** A reply: by its fields, or `refused` for a kind that it never asks for. */
export const printedReply = ({ kind, fields }: PrintedReply): string => {
  const [, id, first, second, third, ticket] = fields as readonly unknown[];
  const head = `${kind} ${id}`;
  switch (kind) {
    case 'granted': {
      const parts = (third as readonly (readonly unknown[])[]).map(([document, pool, seats]) =>
        [document, pool, seats].map(printed).join(':'),
      );
      return [head, first, printed(second), ...parts].join(' ');
    }
    case 'renewed':
      return `${head} ${first}`;
    case 'released':
    case 'new-epoch':
      return head;
    case 'piece':
      return `${head} ${first} ${second} ${printed(third)}`;
    case 'refused':
      return `${head} ${codeOf(first)} ${second} ${third}`;
    case 'ending':
      return `${head} ${first} ${codeOf(second)}`;
    case 'queued':
      return `${head} ${first} ${printed(second)} ${third} ${printed(ticket)}`;
    default:
      return 'refused';
  }
};

/** An offer by its fields: what the client keeps of it, with the seats that are free of `acme-cad`. */
export const printedOffer = (fields: readonly unknown[]): string => {
  const [nonce, oldest, newest, key, , cookie, , , products] = fields;
  const named = (products as readonly (readonly unknown[])[]).filter(
    ([name]) => name === 'acme-cad',
  );
  const free = named.at(-1)?.[1] ?? 0;
  return `${[nonce, key, cookie].map(printed).join(' ')} ${oldest} ${newest} ${free}`;
};
