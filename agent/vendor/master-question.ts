/** What people ask of a master, in JSON: a closed set of questions, told apart by `kind`. */

import { PASTE_MAX, SENTENCE_MAX, TEXT_MAX } from '../../protocol/limits.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import { UsherError } from '../usher-error.ts';
import { readIssue } from './issue-question.ts';
import type { NotedLine } from './master/audit-check.ts';
import { ACCOUNT_ROLES, type AccountRole, CUSTOMER_ID_MAX, MAIL_MAX } from './master/customer.ts';
import { ISSUED_STATES, POLICIES, PROJECT_MAX } from './master/issued-license.ts';
import {
  LICENSE_STATES,
  type LicenseSearch,
  type MasterOperation,
  type Page,
  ROWS_MAX,
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
/** The row from which on a page is asked for: more than any list has. */
const FROM_MAX = 0xffff_ffff;
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
  /** Gives the asker's own account another password. */
  | { readonly kind: 'password'; readonly old: string; readonly password: string }
  /** Lines after one of this number or, where that is `null`, the last ones. */
  | { readonly kind: 'audit'; readonly after: number | null; readonly most: number }
  /** `noted`: a line and its hash that are known from elsewhere. */
  | { readonly kind: 'audit-check'; readonly noted: NotedLine | undefined };

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
  if (kind === 'own-password') {
    return {
      kind: 'password',
      old: fields.text('old', PASSWORD_MOST),
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
  if (kind === 'audit-check') {
    const text = fields.optional('head', (one) => one.text('head', SEARCH_MAX));
    return { kind, noted: text === null ? undefined : readNotedLine(text) };
  }
  const read = typeof kind === 'string' ? READERS.get(kind) : undefined;
  if (read === undefined) throw new UsherError('WRONG_USAGE', 'There is no such question.');
  return { kind: 'operation', operation: read(fields, now, root) };
};

/** `NUMBER:HASH`. Code: WRONG_USAGE. */
const readNotedLine = (text: string): NotedLine => {
  const found = /^(\d{1,10}):([0-9a-f]{64})$/.exec(text);
  if (found !== null) return { number: Number(found[1]), hash: found[2] ?? '' };
  throw new UsherError('WRONG_USAGE', 'A head is a number and a hash, with a colon between.');
};

type Reader = (fields: QuestionFields, now: EpochSeconds, root: Uint8Array) => MasterOperation;

const readSearch = (fields: QuestionFields): LicenseSearch => ({
  customer: fields.optional('customer', (one) => one.text('customer', SEARCH_MAX)),
  product: fields.optional('product', (one) => one.text('product', SEARCH_MAX)),
  text: fields.optional('text', (one) => one.text('text', SEARCH_MAX, 0)),
  number: fields.optional('number', (one) => one.text('number', 26)),
  state: fields.optional('state', (one) =>
    one.word('state', [...LICENSE_STATES, 'current'] as const),
  ),
});

/** `from` and `most`, where a page is asked for. */
const readPage = (fields: QuestionFields): { readonly page?: Page } => {
  const from = fields.optional('from', (one) => one.count('from', FROM_MAX));
  const most = fields.optional('most', (one) => one.count('most', ROWS_MAX));
  return from === null && most === null
    ? {}
    : { page: { from: from ?? 0, most: most ?? ROWS_MAX } };
};

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
      ...readPage(fields),
    }),
  ],
  [
    'account-list',
    (fields) => ({
      kind: 'account-list',
      customer: fields.optional('customer', (one) => one.text('customer', CUSTOMER_ID_MAX)),
      ...readPage(fields),
    }),
  ],
  ['account-remove', (fields) => ({ kind: 'account-remove', name: fields.text('name', MAIL_MAX) })],
  [
    'license-issue',
    (fields, now, root) => ({ kind: 'license-issue', ...readIssue(fields, now, root) }),
  ],
  [
    'license-check',
    (fields, now, root) => ({ kind: 'license-check', ...readIssue(fields, now, root) }),
  ],
  [
    'license-add',
    (fields) => ({
      kind: 'license-add',
      customer: fields.optional('customer', (one) => one.text('customer', TEXT_MAX)),
      policy: fields.optional('policy', (one) => one.word('policy', POLICIES)) ?? 'agents',
      text: fields.paste('text', PASTE_MAX),
    }),
  ],
  [
    'license-list',
    (fields) => ({ kind: 'license-list', ...readSearch(fields), ...readPage(fields) }),
  ],
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
      text: fields.optional('text', (one) => one.text('text', SEARCH_MAX, 0)) ?? '',
      ...readPage(fields),
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
      ...readPage(fields),
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
