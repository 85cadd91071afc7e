/** What the page calls the fields of each message. */

import type { Exchanged } from './session.ts';

/** The names of a message's fields, nested as the message is; a list of items has one name. */
export type FieldNames = readonly (string | readonly [string, FieldNames])[];

const HOLDER_NAMES: FieldNames = ['user', 'host', 'process', 'application'];

const WISH_NAMES: FieldNames = [
  'product',
  'class',
  'resource',
  ['features', []],
  'weight',
  'version',
  'released',
  ['holder', HOLDER_NAMES],
];

const REQUEST_NAMES: Readonly<Record<string, FieldNames>> = {
  acquire: ['acquire', 'id', ['wish', WISH_NAMES], 'wait'],
  renew: ['renew', 'id', 'idle'],
  release: ['release', 'id'],
  document: ['document', 'id', 'hash', 'offset'],
};

const PART_NAMES: FieldNames = ['document', 'pool', 'seats'];

const REPLY_NAMES: readonly FieldNames[] = [
  ['granted', 'id', 'term', 'overdraft', ['parts', [['one part', PART_NAMES]]]],
  ['renewed', 'id', 'term'],
  ['released', 'id'],
  ['piece', 'id', 'total', 'offset', 'bytes'],
  ['refused', 'id', 'refusal', 'in use', 'seats'],
  ['new-epoch', 'id'],
];

const PRODUCT_NAMES: FieldNames = ['product', 'free', 'total'];

/** What the fields of a datagram's body are called on the page. */
export const fieldNames = ({ frame, value }: Exchanged): FieldNames => {
  const [number] = Array.isArray(value) ? value : [];
  switch (frame.kind) {
    case 'discover':
      return ['nonce', 'oldest', 'newest', 'product'];
    case 'offer':
      return [
        'nonce',
        'oldest',
        'newest',
        'agent key',
        'epoch',
        'cookie',
        'name',
        'version',
        ['products', [['one product', PRODUCT_NAMES]]],
        'more',
      ];
    case 'reply':
      return REPLY_NAMES[Number(number) - 1] ?? [];
    default:
      return Object.values(REQUEST_NAMES)[[1, 2, 3, 4].indexOf(Number(number))] ?? [];
  }
};
