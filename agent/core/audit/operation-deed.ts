/** What the audit says of an administrator's operation, and of what came of it. */

import { bytesToHex, utf8ToBytes } from '../../../protocol/bytes.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import type { Operation, Outcome } from '../operations.ts';
import type { Deed } from './audit-record.ts';

/** Texts that are longer are named by the start of their SHA-512. */
const TEXT_SHOWN = 200;
/** Names of a list that are shown. */
const NAMES_SHOWN = 20;

/** What was asked, by whom. */
export const askedDeed = (operation: Operation, who: string, primitives: Primitives): Deed => {
  const { kind, ...rest } = operation;
  const words = Object.entries(rest)
    // A secret is nobody's to read, not even as a digest.
    .map(([name, value]) =>
      name === 'credentials' ? (['by', nameIn(value)] as const) : ([name, value] as const),
    )
    .filter(([, value]) => value !== null && value !== false)
    .map(([name, value]) => `${name} ${valueToText(value, primitives)}`);
  return { who, what: kind, detail: words.join(', ') };
};

/** Of credentials the name alone. */
const nameIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'name' in value ? value.name : null;

const valueToText = (value: unknown, primitives: Primitives): string => {
  if (typeof value === 'string') return textToText(value, primitives);
  if (Array.isArray(value)) {
    const names = value.slice(0, NAMES_SHOWN).map(String).join(' ');
    return value.length > NAMES_SHOWN
      ? `${names} and ${value.length - NAMES_SHOWN} more (${digest(JSON.stringify(value), primitives)})`
      : names;
  }
  return textToText(typeof value === 'object' ? JSON.stringify(value) : String(value), primitives);
};

const textToText = (text: string, primitives: Primitives): string =>
  text.length <= TEXT_SHOWN && !text.includes('\n')
    ? text
    : `of ${text.length} characters (${digest(text, primitives)})`;

const digest = (text: string, { sha512 }: Primitives): string =>
  bytesToHex(sha512(utf8ToBytes(text)).slice(0, 8));

/** What came of it. */
export const answeredDeed = (operation: Operation, who: string, outcome: Outcome): Deed => {
  const what = `${operation.kind}${outcome.kind === 'refused' ? ' refused' : ' done'}`;
  return { who, what, detail: describeOutcome(outcome) };
};

const describeOutcome = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case 'refused':
      return `${outcome.code}: ${outcome.detail}`;
    case 'license-add':
      return outcome.results
        .map(({ added, fault }) => [added && `${added.id} ${added.product}`, fault])
        .map((words) => words.filter((word) => word !== null).join(' '))
        .join(', ');
    case 'license-activate':
    case 'license-response':
    case 'license-refresh':
      return [
        ...outcome.results.map(({ license, what }) => `${license} ${what}`),
        ...outcome.failures.map(({ master, code }) => `${master} ${code}`),
      ].join(', ');
    case 'license-request':
      return outcome.requests.flatMap(({ licenses }) => licenses).join(' ');
    case 'license-emergency':
    case 'license-restore':
    case 'license-remove':
      return `${outcome.license.id} ${outcome.license.product}`;
    case 'license-deactivate': {
      const { license, receipt, told } = outcome;
      const how = receipt === null ? 'seats held' : told ? 'given back' : 'receipt made';
      return `${license.id} ${license.product}, ${how}`;
    }
    case 'seat-disconnect': {
      const { id, product, user, host } = outcome.seat;
      return `${id} of ${product}, ${user}@${host}`;
    }
    case 'user-assign':
      return `${outcome.assigned.length} assigned, ${outcome.users} of ${outcome.seats} now`;
    case 'user-recall':
      return `${outcome.recalled.length} recalled`;
    case 'child-create':
    case 'child-update':
    case 'child-suspend':
    case 'child-resume':
    case 'child-remove':
    case 'child-block': {
      const { id, account, state, pools } = outcome.child;
      const seats = pools.map((pool) => `${pool.class} ${pool.now}`).join(' ');
      return `${id} of ${account}, ${state}, ${seats}`;
    }
    case 'site-forget':
      return `${outcome.member.id} ${outcome.member.name}`;
    case 'child-answer':
      return outcome.refusals.map(({ license, code }) => `${license} refused ${code}`).join(', ');
    case 'config-reload':
      return outcome.changed.join(', ');
    default:
      return '';
  }
};
