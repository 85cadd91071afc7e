/** What came in through the local endpoint, as an operation: everything bounded, nothing trusted. */

import { GENERIC_CLASS } from '../../protocol/license.ts';
import { NAME_MAX, PASTE_MAX, WANTED_MAX } from '../../protocol/limits.ts';
import {
  type Credentials,
  OPERATION_LIMITS,
  type Operation,
  type RulesChange,
} from '../core/operations.ts';
import { readChildOperation } from './child-fields.ts';
import { ID_MAX, OperationFields, readWishFields } from './operation-fields.ts';

const { users: USERS_MAX, resources: RESOURCES_MAX, rules: RULES_MAX } = OPERATION_LIMITS;
const ADDRESS_MAX = 100;
/** A week. */
const RECORD_HOURS_MAX = 168;
/** Characters of a password. */
const SECRET_MAX = 1024;

/** The operation that a JSON value describes, or `undefined`. */
export const parseOperation = (value: unknown): Operation | undefined => {
  const fields = new OperationFields(value);
  const operation = readOperation(fields);
  return fields.valid ? operation : undefined;
};

const readOperation = (fields: OperationFields): Operation | undefined => {
  const { kind } = fields;
  switch (kind) {
    case 'status':
    case 'license-list':
    case 'license-removed':
    case 'seat-list':
    case 'seat-queue':
    case 'resource-list':
    case 'host-show':
    case 'site-show':
    case 'site-plan':
    case 'site-leave':
    case 'rules-show':
    case 'rules-text':
    case 'rules-reload':
    case 'clock-reset':
    case 'config-reload':
      return { kind };
    case 'license-add':
      return { kind, text: fields.paste('text', PASTE_MAX) };
    case 'license-show':
    case 'license-remove':
    case 'license-export':
    case 'license-emergency':
    case 'license-restore':
      return { kind, id: fields.id('id') };
    case 'site-forget':
      return { kind, member: fields.name('member') };
    case 'seat-disconnect':
      return { kind, id: fields.id('id'), force: fields.flag('force') };
    case 'log-record':
      return { kind, hours: fields.uint('hours', 0, RECORD_HOURS_MAX) };
    case 'rules-edit':
      return { kind, change: readChange(fields) };
    case 'rules-write':
      return {
        kind,
        text: fields.paste('text', RULES_MAX),
        was: fields.paste('was', RULES_MAX),
      };
    case 'explain':
      return {
        kind,
        wish: readWishFields(fields),
        address: fields.optional('address', (name) => fields.text(name, ADDRESS_MAX)),
        rules: fields.optional('rules', (name) => fields.paste(name, RULES_MAX)),
      };
    default:
      return (
        readActivation(fields) ??
        readUsers(fields) ??
        readResources(fields) ??
        readChildOperation(fields)
      );
  }
};

const readActivation = (fields: OperationFields): Operation | undefined => {
  const { kind } = fields;
  const ids = (): readonly string[] =>
    fields.has('ids') ? fields.list('ids', WANTED_MAX, ID_MAX).map((id) => id.toLowerCase()) : [];
  const credentials = (): Credentials | null =>
    fields.optional('credentials', (name) => readCredentials(fields, name));
  switch (kind) {
    case 'license-activate':
      return { kind, ids: ids(), credentials: credentials() };
    case 'license-request':
    case 'license-refresh':
      return { kind, ids: ids() };
    case 'license-response':
      return { kind, text: fields.paste('text', PASTE_MAX) };
    case 'license-deactivate': {
      const online = fields.flag('online');
      return { kind, id: fields.id('id'), online, credentials: credentials() };
    }
    default:
      return undefined;
  }
};

/** A name with a colon in it would be another name in the header that carries it. */
const readCredentials = (fields: OperationFields, name: string): Credentials => {
  const part = fields.nested(name);
  const read = { name: part.text('name'), secret: part.text('secret', SECRET_MAX) };
  if (read.name.includes(':')) part.text('');
  fields.and(part);
  return read;
};

const readUsers = (fields: OperationFields): Operation | undefined => {
  const { kind } = fields;
  const product = (): string | null => fields.optional('product', (name) => fields.name(name));
  const className = (): string => (fields.has('class') ? fields.name('class') : GENERIC_CLASS);
  const users = (name: string): readonly string[] => fields.texts(name, USERS_MAX);
  switch (kind) {
    case 'user-list':
      return { kind, product: product() };
    case 'user-assign':
      return { kind, product: product(), class: className(), users: users('users') };
    case 'user-recall': {
      const force = fields.flag('force');
      const named = { product: product(), class: className() };
      return { kind, ...named, users: fields.optional('users', users), force };
    }
    default:
      return undefined;
  }
};

const readResources = (fields: OperationFields): Operation | undefined => {
  const { kind } = fields;
  const customer = (): string | null => fields.optional('customer', (name) => fields.text(name));
  switch (kind) {
    case 'resource-add':
      return { kind, names: fields.texts('names', RESOURCES_MAX, NAME_MAX), customer: customer() };
    case 'resource-activate':
      return {
        kind,
        name: fields.name('name'),
        license: fields.id('license'),
        customer: customer(),
      };
    case 'resource-remove':
      return { kind, name: fields.name('name') };
    default:
      return undefined;
  }
};

const readChange = (fields: OperationFields): RulesChange => {
  const change = fields.nested('change');
  const read = readChangeFields(change);
  fields.and(change);
  return read;
};

const readChangeFields = (change: OperationFields): RulesChange => {
  if (change.kind === 'remove') {
    return { kind: 'remove', line: change.uint('line', 1, 0xffff_ffff) };
  }
  const line = change.kind === 'add' ? change.paste('line', RULES_MAX) : change.text('kind', 0);
  if (!change.has('before')) return { kind: 'add', line };
  return { kind: 'add', line, before: change.uint('before', 1, 0xffff_ffff) };
};
