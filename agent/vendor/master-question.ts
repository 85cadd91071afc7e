/** What people ask of a master, in JSON: a closed set of questions, told apart by `kind`. */

import type { ContainerRule } from '../../protocol/license.ts';
import { CONTAINER_RULES, HOST_RULES } from '../../protocol/license.ts';
import { PASTE_MAX, SENTENCE_MAX, TEXT_MAX } from '../../protocol/limits.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import { UsherError } from '../usher-error.ts';
import { type LicenseOrder, licenseFromOrder } from './license-order.ts';
import { ACCOUNT_ROLES, type AccountRole, CUSTOMER_ID_MAX, MAIL_MAX } from './master/customer.ts';
import { ISSUED_STATES, POLICIES, PROJECT_MAX } from './master/issued-license.ts';
import {
  LICENSE_STATES,
  type LicenseSearch,
  type MasterOperation,
} from './master/master-operations.ts';
import { DECISIONS } from './master/petition.ts';
import { readLastDay } from './order-words.ts';
import { readPools } from './pool-order.ts';
import { QuestionFields } from './question-fields.ts';

/** Characters of a password. */
export const PASSWORD_LEAST = 10;
export const PASSWORD_MOST = 256;
/** Lines of the audit in one answer. */
const LINES_MAX = 1000;
/** Characters of what is looked for, and of an agent's name or key id. */
const SEARCH_MAX = TEXT_MAX;

/** What the master's core does not answer by itself, or not so. */
export type MasterQuestion =
  | { readonly kind: 'operation'; readonly operation: MasterOperation }
  | {
      readonly kind: 'account';
      readonly name: string;
      readonly role: AccountRole;
      readonly customer: string | null;
      readonly password: string;
    }
  /** Lines after one of this number or, where that is `null`, the last ones. */
  | { readonly kind: 'audit'; readonly after: number | null; readonly most: number };

/** Reads a question; `root` is the vendor's public key. Code: WRONG_USAGE. */
export const parseMasterQuestion = (
  value: unknown,
  now: EpochSeconds,
  root: Uint8Array,
): MasterQuestion => {
  const fields = new QuestionFields(value);
  const { kind } = fields;
  if (kind === 'account-set') {
    return {
      kind: 'account',
      name: fields.text('name', MAIL_MAX),
      role: fields.word('role', ACCOUNT_ROLES),
      customer: fields.optional('customer', (one) => one.text('customer', TEXT_MAX)),
      password: fields.text('password', PASSWORD_MOST, PASSWORD_LEAST),
    };
  }
  if (kind === 'audit') {
    const after = fields.optional('after', (one) => one.count('after', 0xffff_ffff));
    return {
      kind,
      after,
      most: fields.optional('most', (one) => one.count('most', LINES_MAX)) ?? 100,
    };
  }
  const read = typeof kind === 'string' ? READERS.get(kind) : undefined;
  if (read === undefined) throw new UsherError('WRONG_USAGE', 'There is no such question.');
  return { kind: 'operation', operation: read(fields, now, root) };
};

type Reader = (fields: QuestionFields, now: EpochSeconds, root: Uint8Array) => MasterOperation;

const readSearch = (fields: QuestionFields): LicenseSearch => ({
  customer: fields.optional('customer', (one) => one.text('customer', SEARCH_MAX)),
  product: fields.optional('product', (one) => one.text('product', SEARCH_MAX)),
  number: fields.optional('number', (one) => one.text('number', 26)),
  state: fields.optional('state', (one) => one.word('state', LICENSE_STATES)),
});

const readReason = (fields: QuestionFields): string =>
  fields.optional('reason', (one) => one.text('reason', SENTENCE_MAX, 0)) ?? '';

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['status', () => ({ kind: 'status' })],
  ['clock-confirm', () => ({ kind: 'clock-confirm' })],
  [
    'customer-add',
    (fields) => ({
      kind: 'customer-add',
      name: fields.text('name', TEXT_MAX),
      mail: fields.optional('mail', (one) => one.text('mail', MAIL_MAX, 0)) ?? '',
    }),
  ],
  [
    'customer-list',
    (fields) => ({
      kind: 'customer-list',
      text: fields.optional('text', (one) => one.text('text', SEARCH_MAX, 0)) ?? '',
    }),
  ],
  ['account-list', () => ({ kind: 'account-list' })],
  ['account-remove', (fields) => ({ kind: 'account-remove', name: fields.text('name', MAIL_MAX) })],
  ['license-issue', (fields, now, root) => readIssue(fields, now, root)],
  [
    'license-add',
    (fields) => ({
      kind: 'license-add',
      customer: fields.optional('customer', (one) => one.text('customer', TEXT_MAX)),
      policy: fields.optional('policy', (one) => one.word('policy', POLICIES)) ?? 'agents',
      text: fields.paste('text', PASTE_MAX),
    }),
  ],
  ['license-list', (fields) => ({ kind: 'license-list', ...readSearch(fields) })],
  ['license-export', (fields) => ({ kind: 'license-export', ...readSearch(fields) })],
  ['license-show', (fields) => ({ kind: 'license-show', license: fields.license('license') })],
  [
    'license-extend',
    (fields) => ({
      kind: 'license-extend',
      license: fields.license('license'),
      expires: readLastDay(
        '"expires"',
        fields.optional('expires', (one) => one.text('expires', 10)) ?? undefined,
      ),
    }),
  ],
  [
    'license-seats',
    (fields) => ({
      kind: 'license-seats',
      license: fields.license('license'),
      pools: readPools({
        seats: fields.optional('seats', (one) => one.text('seats', CUSTOMER_ID_MAX)) ?? undefined,
        classes: fields.texts('classes'),
        overdrafts: fields.texts('overdrafts'),
        stages: fields.texts('stages'),
      }),
    }),
  ],
  [
    'license-standing',
    (fields) => ({
      kind: 'license-standing',
      license: fields.license('license'),
      state: fields.word('state', ISSUED_STATES),
      reason: readReason(fields),
    }),
  ],
  [
    'license-policy',
    (fields) => ({
      kind: 'license-policy',
      license: fields.license('license'),
      policy: fields.word('policy', POLICIES),
    }),
  ],
  [
    'license-project',
    (fields) => ({
      kind: 'license-project',
      license: fields.license('license'),
      project: fields.text('project', PROJECT_MAX, 0),
    }),
  ],
  [
    'activation-list',
    (fields) => ({
      kind: 'activation-list',
      license: fields.optional('license', (one) => one.license('license')),
    }),
  ],
  [
    'activation-free',
    (fields) => ({
      kind: 'activation-free',
      license: fields.license('license'),
      agent: fields.text('agent', SEARCH_MAX),
      reason: readReason(fields),
    }),
  ],
  [
    'request-list',
    (fields) => ({
      kind: 'request-list',
      decision: fields.optional('decision', (one) => one.word('decision', DECISIONS)),
    }),
  ],
  [
    'request-decide',
    (fields) => ({
      kind: 'request-decide',
      license: fields.license('license'),
      agent: fields.text('agent', SEARCH_MAX),
      decision: fields.word('decision', ['approved', 'denied'] as const),
      reason: readReason(fields),
    }),
  ],
  [
    'upload',
    (fields) => ({
      kind: 'upload',
      text: fields.paste('text', PASTE_MAX),
      approves: fields.flag('approves'),
    }),
  ],
  [
    'revocations-add',
    (fields) => ({ kind: 'revocations-add', text: fields.paste('text', PASTE_MAX) }),
  ],
]);

const readIssue: Reader = (fields, now, root) => {
  const customer = fields.text('customer', TEXT_MAX);
  const order = readOrder(fields.nested('order'), customer);
  return {
    kind: 'license-issue',
    customer,
    policy: fields.optional('policy', (one) => one.word('policy', POLICIES)) ?? 'agents',
    expands: fields.optional('expands', (one) => one.license('expands')),
    terms: licenseFromOrder(order, now, root),
  };
};

/** The same words as those of `usher vendor issue`. */
const readOrder = (fields: QuestionFields, customer: string): LicenseOrder => {
  const text = (name: string, most = 512): string | undefined =>
    fields.optional(name, (one) => one.paste(name, most)) ?? undefined;
  const hosts = fields.optional('hosts', (one) => one.nested('hosts'));
  const container: ContainerRule = hosts?.word('container', CONTAINER_RULES) ?? 'refuse';
  return {
    type: text('type'),
    product: text('product'),
    customer,
    seats: text('seats'),
    classes: fields.texts('classes'),
    overdrafts: fields.texts('overdrafts'),
    stages: fields.texts('stages'),
    counting: text('counting'),
    features: fields.texts('features'),
    versions: text('versions'),
    maintenance: text('maintenance'),
    resource: text('resource'),
    meters: fields.texts('meters'),
    borrow: text('borrow'),
    starts: text('starts'),
    expires: text('expires'),
    trial: text('trial'),
    term: text('term'),
    hostCode: text('hostCode', 4096),
    needsActivation:
      fields.optional('needsActivation', (one) => one.flag('needsActivation')) ?? true,
    agents: text('agents'),
    emergency: text('emergency'),
    refresh: text('refresh'),
    master: text('master'),
    children: text('children'),
    supersedes: fields.texts('supersedes').map((id) => new QuestionFields({ id }).license('id')),
    hosts: {
      virtual: hosts?.word('virtual', HOST_RULES) ?? 'refuse',
      container,
      unknown: hosts?.word('unknown', HOST_RULES) ?? 'refuse',
    },
  };
};
