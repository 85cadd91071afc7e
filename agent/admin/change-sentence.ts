/** A change that an administrator made, as one sentence for the log. */

import { unreachable } from '../../protocol/result.ts';
import type { Operation, Outcome } from '../core/operations.ts';
import { type Change, isChange } from '../core/reading-operations.ts';
import { type Actor, actorText } from './actor.ts';

/** Names written out in one sentence; a list may have thousands. */
const NAMES_MAX = 5;

/** Who did or tried what, from where; `undefined` for what only reads. */
export const changeSentence = (
  actor: Actor,
  operation: Operation,
  outcome: Outcome,
): string | undefined => {
  if (!isChange(operation)) return undefined;
  const who = actorText(actor);
  const what = describe(operation);
  return outcome.kind === 'refused'
    ? `${who} was refused to ${what}: ${outcome.code}.`
    : `${who}: ${what}.`;
};

const describe = (operation: Change): string => {
  switch (operation.kind) {
    case 'license-add':
      return 'add licenses';
    case 'license-remove':
      return `remove license ${operation.id}`;
    case 'license-activate':
      return `activate ${licenses(operation.ids)}`;
    case 'license-request':
      return `request the activation of ${licenses(operation.ids)}`;
    case 'license-response':
      return "load a vendor's response";
    case 'license-emergency':
      return `activate license ${operation.id} for an emergency`;
    case 'license-refresh':
      return `refresh ${licenses(operation.ids)}`;
    case 'license-deactivate':
      return `deactivate license ${operation.id}`;
    case 'license-restore':
      return `restore license ${operation.id}`;
    case 'seat-disconnect':
      return `disconnect seat ${operation.id}${operation.force ? ' by force' : ''}`;
    case 'user-assign':
      return `assign ${names(operation.users)}${ofProduct(operation)}`;
    case 'user-recall':
      return `recall ${operation.users === null ? 'every user' : names(operation.users)}${ofProduct(operation)}`;
    case 'resource-add':
      return `add resource ${names(operation.names)}`;
    case 'resource-activate':
      return `activate license ${operation.license} for resource ${operation.name}`;
    case 'resource-remove':
      return `remove resource ${operation.name}`;
    case 'child-create':
      return `create a child license for ${operation.account}`;
    case 'child-update':
      return `change the child license ${operation.id}`;
    case 'child-suspend':
      return `suspend the child license ${operation.id}`;
    case 'child-resume':
      return `resume the child license ${operation.id}`;
    case 'child-remove':
      return `remove the child license ${operation.id}`;
    case 'child-block':
      return `write out the child license ${operation.id}`;
    case 'child-answer':
      return 'answer the requests of children';
    case 'rules-edit':
      return operation.change.kind === 'add'
        ? `add the rule "${operation.change.line.trim().slice(0, 200)}"`
        : `remove the rule ${operation.change.line}`;
    case 'rules-write':
      return 'write the rules';
    case 'rules-reload':
      return 'reload the rules';
    case 'config-reload':
      return 'reload the settings';
    case 'log-record':
      return operation.hours === 0
        ? 'write down no more calls to masters'
        : `write down calls to masters for ${operation.hours} h`;
    case 'site-leave':
      return 'leave the site';
    case 'site-forget':
      return `forget the member ${operation.member}`;
    case 'clock-reset':
      return 'reset the clock';
    default:
      return unreachable(operation);
  }
};

const licenses = (ids: readonly string[]): string =>
  ids.length === 0 ? 'every license' : `license ${names(ids)}`;

const names = (all: readonly string[]): string => {
  const shown = all.slice(0, NAMES_MAX).join(', ');
  return all.length > NAMES_MAX ? `${shown} and ${all.length - NAMES_MAX} more` : shown;
};

const ofProduct = ({ product }: { readonly product: string | null }): string =>
  product === null ? '' : ` of ${product}`;
