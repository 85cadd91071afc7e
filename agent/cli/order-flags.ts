/** The words with which a license is ordered, on the command line. */

import type { ContainerRule } from '../../protocol/license.ts';
import { UsherError } from '../usher-error.ts';
import { type Arguments, type Command, listFlag, textFlag } from './command.ts';

export const ORDER_FLAGS = {
  product: textFlag('NAME', 'what the license is for'),
  customer: textFlag('NAME', 'whom it is for'),
  type: textFlag(
    'TYPE',
    'floating, named (for assigned users), server (no user limit), standalone (one computer) [default: floating]',
  ),
  seats: textFlag('N', 'seats that serve any class'),
  class: listFlag('NAME=N', 'seats of one class'),
  overdraft: listFlag('[CLASS=]N', 'seats beyond these that are lent, marked and reported'),
  stage: listFlag(
    '[CLASS:]FROM..UNTIL=N',
    'N seats instead, from day to day, e.g. 2027-03-01..2027-03-31=15; UNTIL may be left out',
  ),
  count: textFlag(
    'WHAT',
    'a seat for each process, user or host [default: process; user for named]',
  ),
  feature: listFlag('NAME', 'a feature that its seats cover'),
  versions: textFlag(
    'RANGE',
    'versions of the application: 10..12, 10.., ..12 or 12 [default: all]',
  ),
  maintenance: textFlag('DAY', 'versions released up to this day are covered [default: all]'),
  resource: textFlag(
    'NAME',
    "only for this database or project of the customer's; any: for one of his choice",
  ),
  meter: listFlag('NAME=N', 'something that is counted down from N'),
  borrow: textFlag(
    'SEATS:DAYS',
    'may be taken along, e.g. 2:7d: two seats, for up to seven days; 2:12h: hours',
  ),
  starts: textFlag('DAY', 'first day, e.g. 2027-01-01 [default: now]'),
  expires: textFlag('DAY', 'last day [default: never]'),
  trial: textFlag('DAYS', 'ends so many days after its first use'),
  term: textFlag('SECONDS', 'how long a lease lasts [default: 600]'),
  supersedes: listFlag('ID|FILE', 'an earlier license of the product whose place it takes'),
  'host-code': textFlag(
    'TEXT',
    'good on one computer only, and activated by that: what `usher hardware --host-code` prints there',
  ),
  'allow-virtual': { kind: 'switch', summary: 'the agent may run on a virtual machine' },
  'allow-container': { kind: 'switch', summary: 'the same as --container host' },
  container: textFlag(
    'RULE',
    'may the agent run in a container: refuse, host (if the machine beneath may be used), allow [default: refuse]',
  ),
  'allow-unknown': { kind: 'switch', summary: 'the agent may run where hardware cannot be seen' },
  agents: textFlag('N', 'on how many agents it may be active at a time [default: 1]'),
  emergency: textFlag(
    'DAYS[:WINDOW]',
    'an agent may activate it by itself, once, for up to 5 days, within WINDOW days of its issue [default window: 30]',
  ),
  refresh: textFlag(
    'DAYS[:GRACE]',
    'an activation lasts so many days unless refreshed, and GRACE days more [default: for ever]',
  ),
  master: textFlag('URL', 'where agents activate and refresh it online'),
  children: textFlag(
    'N[:DEPTH]',
    'its agent may pass seats on to N child servers, and these to theirs, up to DEPTH generations (4) [default: none; depth 1]',
  ),
  'no-activation': { kind: 'switch', summary: 'lends without having been activated' },
} as const satisfies Command['flags'];

/** What they say of a license; the licenses that it supersedes are read elsewhere. */
export const readOrder = (args: Arguments) => ({
  type: args.text('type'),
  product: args.text('product'),
  customer: args.text('customer'),
  seats: args.text('seats'),
  classes: args.list('class'),
  overdrafts: args.list('overdraft'),
  stages: args.list('stage'),
  counting: args.text('count'),
  features: args.list('feature'),
  versions: args.text('versions'),
  maintenance: args.text('maintenance'),
  resource: args.text('resource'),
  meters: args.list('meter'),
  borrow: args.text('borrow'),
  starts: args.text('starts'),
  expires: args.text('expires'),
  trial: args.text('trial'),
  term: args.text('term'),
  hostCode: args.text('host-code'),
  needsActivation: !args.has('no-activation'),
  agents: args.text('agents'),
  emergency: args.text('emergency'),
  refresh: args.text('refresh'),
  master: args.text('master'),
  children: args.text('children'),
  hosts: {
    virtual: args.has('allow-virtual') ? 'allow' : 'refuse',
    container: readContainerRule(args),
    unknown: args.has('allow-unknown') ? 'allow' : 'refuse',
  } as const,
});

const CONTAINER_RULES: readonly ContainerRule[] = ['refuse', 'host', 'allow'];

const readContainerRule = (args: Arguments): ContainerRule => {
  const word = args.text('container') ?? (args.has('allow-container') ? 'host' : 'refuse');
  const rule = CONTAINER_RULES.find((one) => one === word);
  if (rule === undefined) {
    const rules = CONTAINER_RULES.join(', ');
    throw new UsherError('WRONG_USAGE', `--container is one of ${rules}, not "${word}".`);
  }
  if (args.has('allow-container') && rule !== 'host') {
    throw new UsherError(
      'WRONG_USAGE',
      `--allow-container and --container ${rule} disagree: name one.`,
    );
  }
  return rule;
};
