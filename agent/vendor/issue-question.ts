/** The question for a new license, in the words that the command line has. Code: WRONG_USAGE. */

import { CONTAINER_RULES, type ContainerRule, HOST_RULES } from '../../protocol/license.ts';
import { TEXT_MAX } from '../../protocol/limits.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import { type LicenseOrder, licenseFromOrder } from './license-order.ts';
import { POLICIES } from './master/issued-license.ts';
import type { IssueOrder } from './master/master-operations.ts';
import { QuestionFields } from './question-fields.ts';

/** Reads what is to be issued; `root` is the vendor's public key. */
export const readIssue = (
  fields: QuestionFields,
  now: EpochSeconds,
  root: Uint8Array,
): IssueOrder => {
  const customer = fields.text('customer', TEXT_MAX);
  const order = readOrder(fields.nested('order'), customer);
  return {
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
