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
  'borrow',
];

/** By number, from 1 on. */
const REQUEST_NAMES: readonly FieldNames[] = [
  ['acquire', 'id', ['wish', WISH_NAMES], 'wait', 'ticket'],
  ['renew', 'id', 'idle'],
  ['release', 'id', 'returns'],
  ['document', 'id', 'hash', 'offset'],
  ['probe', 'id', ['wish', WISH_NAMES]],
  ['resources', 'id', 'product', 'offset'],
  ['draw', 'id', 'product', 'meter', 'amount', 'draw id', ['holder', HOLDER_NAMES]],
  ['borrow', 'id', 'duration', 'host code'],
];

const PART_NAMES: FieldNames = ['document', 'pool', 'seats'];
const RESOURCE_NAMES: FieldNames = ['name', 'free', 'total'];

/** By number, from 1 on. */
const REPLY_NAMES: readonly FieldNames[] = [
  ['granted', 'id', 'term', 'overdraft', ['parts', [['one part', PART_NAMES]]], 'ticket', 'within'],
  ['renewed', 'id', 'term'],
  ['released', 'id'],
  ['piece', 'id', 'total', 'offset', 'bytes'],
  ['refused', 'id', 'refusal', 'in use', 'seats'],
  ['new-epoch', 'id'],
  ['ending', 'id', 'term', 'refusal'],
  ['queued', 'id', 'ahead', 'turn', 'seconds', 'ticket'],
  ['free', 'id', 'in use', 'seats', 'overdraft'],
  ['resources', 'id', 'total', 'offset', ['resources', [['one resource', RESOURCE_NAMES]]]],
  ['drawn', 'id', 'left', ['documents', []]],
  ['borrowed', 'id', 'token'],
];

/** Of the payload of a license. */
export const LICENSE_NAMES: FieldNames = [
  'id',
  'type',
  'product',
  'customer',
  'issued',
  'starts',
  'expires',
  'trial',
  'term',
  ['pools', [['one pool', ['class', 'seats', 'overdraft', 'stages']]]],
  'counting',
  ['features', ['feature']],
  ['versions', ['oldest', 'newest']],
  'maintenance',
  'resource',
  'meters',
  'borrow',
  'supersedes',
  [
    'activation',
    ['agents', ['emergency', ['longest', 'window']], ['refresh', ['every', 'grace']], 'master'],
  ],
  ['hosts', ['virtual', 'container', 'unknown']],
  'host code',
  ['children', ['most', 'depth']],
];

/** Of the payload of a certificate. */
export const CERTIFICATE_NAMES: FieldNames = ['key', 'uses', 'starts', 'ends', 'number'];

/** Of the payload of an activation. */
export const ACTIVATION_NAMES: FieldNames = [
  'license',
  'license hash',
  'signing key',
  'agent key',
  'host',
  'number',
  'issued',
  'until',
  'nonce',
  'kind',
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
      return REQUEST_NAMES[Number(number) - 1] ?? [];
  }
};
