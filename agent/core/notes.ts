/** What is worth a line in the log, as data. */

import type { Holder } from '../../protocol/holder.ts';
import type { ComponentMatch } from '../../protocol/host-code.ts';
import { HOST_KINDS, type HostKind } from '../../protocol/host-component.ts';
import { describeDifference } from '../../protocol/host-difference.ts';
import type { LeaseId, LicenseId } from '../../protocol/ids.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { EpochSeconds, Seconds } from '../../protocol/units.ts';
import type { Evidence } from './host/evidence.ts';
import type { HostVerdict } from './host/host-verdict.ts';
import {
  isLicenseWarning,
  type LicenseNote,
  licenseNoteToSentence,
} from './licenses/license-note.ts';
import type { RuleFault } from './rules/rule.ts';
import type { SiteObstacle } from './site/site-obstacle.ts';

export type Note =
  | LicenseNote
  | {
      readonly kind:
        | 'seat-granted'
        | 'seat-released'
        | 'seat-lapsed'
        | 'seat-disconnected'
        | 'seat-recalled'
        | 'seat-ending'
        | 'seat-borrowed';
      readonly lease: LeaseId;
      /** The first of those that the seat is of. */
      readonly license: LicenseId;
      readonly product: string;
      /** The pool's, which may be the generic one. */
      readonly class: string;
      /** Seats that it counts as. */
      readonly seats: number;
      /** When it was granted. */
      readonly since: EpochSeconds;
      readonly holder: Holder;
      /** It is beyond the count that was licensed. */
      readonly overdraft: boolean;
      readonly borrowed: boolean;
      /** Seconds in which it was not used, as far as its client has said. */
      readonly idle: Seconds;
    }
  | {
      readonly kind: 'seat-awaited';
      readonly product: string;
      readonly class: string;
      readonly holder: Holder;
    }
  | {
      readonly kind: 'drawn';
      readonly product: string;
      readonly meter: string;
      readonly amount: number;
      readonly left: number;
      readonly holder: Holder;
    }
  | {
      readonly kind: 'draw-refused';
      readonly code: RefusalCode;
      readonly product: string;
      readonly holder: Holder;
    }
  | {
      readonly kind: 'license-superseded';
      readonly predecessor: LicenseId;
      readonly successor: LicenseId;
    }
  | {
      readonly kind: 'seat-refused';
      readonly code: RefusalCode;
      readonly product: string;
      /** As it was asked for. */
      readonly class: string;
      readonly holder: Holder;
    }
  | {
      readonly kind: 'license-added' | 'license-removed';
      readonly license: LicenseId;
      readonly product: string;
    }
  | {
      readonly kind: 'host-changed';
      readonly from: HostVerdict['verdict'];
      readonly to: HostVerdict['verdict'];
      readonly evidence: readonly Evidence[];
    }
  | { readonly kind: 'host-parts-changed'; readonly kinds: readonly HostKind[] }
  | {
      readonly kind: 'host-is-own' | 'host-is-other';
      readonly components: readonly ComponentMatch[];
    }
  | { readonly kind: 'key-lost' }
  | { readonly kind: 'twin-heard'; readonly address: string }
  | { readonly kind: 'rules-taken'; readonly count: number }
  /** `holding`: the rules that hold meanwhile; without any nothing is lent. */
  | {
      readonly kind: 'rules-refused';
      readonly faults: readonly RuleFault[];
      readonly holding: 'those before' | 'last good' | 'none';
    }
  | { readonly kind: 'clock-reset'; readonly back: Seconds }
  /** A child has called for the first time, or has taken a change. */
  | {
      readonly kind: 'child-activated' | 'child-taken';
      readonly child: LicenseId;
      readonly account: string;
      readonly hostName: string;
    }
  | { readonly kind: 'record-damaged'; readonly key: string }
  | { readonly kind: 'store-failing'; readonly reason: string }
  | { readonly kind: 'store-working' }
  | {
      readonly kind: 'site-obstacle';
      readonly what: SiteObstacle;
      readonly sentence: string;
    }
  /**
   * The licenses here and those of the site cannot be made the same; something was taken up that was
   * changed on another member.
   */
  | { readonly kind: 'site-licenses' | 'site-table' | 'shared-taken'; readonly sentence: string }
  /** `why`: what its register said last, or why it is silent. */
  | { readonly kind: 'site-cut-off' | 'site-unheard'; readonly why: string | null }
  | { readonly kind: 'holding-off' | 'holdoff-ended' | 'site-joined' };

/** The note as one plain sentence. */
export const noteToSentence = (note: Note): string => {
  switch (note.kind) {
    case 'seat-granted':
      return `Seat ${note.lease} of license ${note.license} granted to ${who(note.holder)}${note.overdraft ? ', beyond the licensed count' : ''}.`;
    case 'seat-ending':
      return `Seat ${note.lease} of license ${note.license} is not renewed for ${who(note.holder)}: there are fewer seats now.`;
    case 'seat-borrowed':
      return `Seat ${note.lease} of license ${note.license} borrowed by ${who(note.holder)}.`;
    case 'seat-awaited':
      return `${who(note.holder)} waits for a seat of ${note.product}.`;
    case 'drawn':
      return `${note.amount} of ${note.meter} drawn from ${note.product} by ${who(note.holder)}, ${note.left} left.`;
    case 'draw-refused':
      return `Draw from ${note.product} refused to ${who(note.holder)}: ${note.code}.`;
    case 'license-superseded':
      return `License ${note.predecessor} is superseded by ${note.successor}.`;
    case 'seat-released':
      return `Seat ${note.lease} of license ${note.license} released by ${who(note.holder)}.`;
    case 'seat-lapsed':
      return `Seat ${note.lease} of license ${note.license} lapsed: nothing heard from ${who(note.holder)}.`;
    case 'seat-disconnected':
      return `Seat ${note.lease} of license ${note.license} taken back from ${who(note.holder)}.`;
    case 'seat-recalled':
      return `Seat ${note.lease} of license ${note.license} is assigned to ${who(note.holder)} no more.`;
    case 'seat-refused':
      return `Seat of ${note.product} refused to ${who(note.holder)}: ${note.code}.`;
    case 'license-added':
      return `License ${note.license} for ${note.product} added.`;
    case 'license-removed':
      return `License ${note.license} for ${note.product} removed.`;
    case 'host-changed':
      return `This host is judged ${note.to} now, no longer ${note.from}${because(note.evidence)}.`;
    case 'host-parts-changed':
      return `Parts of this computer have changed (${titles(note.kinds)}); it is known by them from now on.`;
    case 'host-is-other':
      return `This is another computer than this agent's (${describeDifference(note.components)}): no license is worth anything here. See \`usher host adopt --help\`.`;
    case 'key-lost':
      return "This agent's key was sealed on another computer, or for another user of this one: no license is worth anything here. Start the agent as it was started before; after a move see `usher host adopt --help`.";
    case 'host-is-own':
      return "This is this agent's own computer again.";
    case 'twin-heard':
      return `The agent at ${note.address} has the same key as this one: a copy of this data folder runs there. Stop one of them, or make it an agent of its own with \`usher host adopt\`.`;
    case 'rules-taken':
      return `The rules are in force: ${note.count} ${note.count === 1 ? 'line' : 'lines'}.`;
    case 'rules-refused':
      return `The rules have ${note.faults.length === 1 ? 'an error' : `${note.faults.length} errors`} and were not taken, ${HOLDING[note.holding]}. ${firstFault(note.faults)}`;
    case 'child-activated':
      return `Child license ${note.child} of ${note.account} is active on ${note.hostName || 'its computer'}.`;
    case 'child-taken':
      return `${note.account} has taken the change of child license ${note.child}.`;
    case 'clock-reset':
      return `The clock was reset: licenses are judged by a time ${note.back} s earlier.`;
    case 'record-damaged':
      return `The store's record ${note.key} is damaged: no seat is lent before \`usher store repair\`.`;
    case 'store-failing':
      return `The store cannot be written, no seat is granted until it can: ${note.reason}.`;
    case 'holding-off':
      return 'No seat is lent until those have ended that this agent may have forgotten.';
    case 'holdoff-ended':
      return 'Every seat that this agent may have forgotten has ended: seats are lent again.';
    case 'site-joined':
      return 'This agent is heard by its site: it lends seats.';
    case 'site-cut-off':
      return `This agent is not heard by its site's register any more: it grants nothing, and soon renews nothing, until it is.${note.why === null ? '' : ` ${note.why}`}`;
    case 'site-unheard':
      return `This agent is not heard by its site's register, and lends nothing until it is.${note.why === null ? '' : ` ${note.why}`}`;
    case 'site-obstacle':
    case 'site-licenses':
    case 'site-table':
    case 'shared-taken':
      return note.sentence;
    case 'store-working':
      return 'The store can be written again.';
    default:
      return licenseNoteToSentence(note);
  }
};

const HOLDING = {
  'those before': 'those before hold on',
  'last good': 'those of the last start hold on',
  none: 'and no seat is lent until that is mended',
} as const;

/** Whether the note tells of something that an administrator should mend. */
export const isWarning = (note: Note): boolean => {
  switch (note.kind) {
    case 'record-damaged':
    case 'rules-refused':
    case 'store-failing':
    case 'holding-off':
    case 'site-cut-off':
    case 'site-unheard':
    case 'site-obstacle':
    case 'site-licenses':
    case 'site-table':
    case 'host-changed':
    case 'host-is-other':
    case 'key-lost':
    case 'twin-heard':
      return true;
    case 'seat-granted':
      return note.overdraft;
    case 'license-changed':
    case 'license-emergency':
    case 'ending-soon':
    case 'master-silent':
    case 'version-differs':
      return isLicenseWarning(note);
    default:
      return false;
  }
};

const titles = (kinds: readonly HostKind[]): string =>
  kinds.map((kind) => HOST_KINDS[kind].title).join(', ');

const firstFault = ([first]: readonly RuleFault[]): string => {
  if (first === undefined) return '';
  return first.line === 0 ? first.sentence : `Line ${first.line}: ${first.sentence}`;
};

const because = (evidence: readonly Evidence[]): string =>
  evidence.length === 0
    ? ''
    : `: ${evidence.map(({ id, value }) => `${id} (${value})`).join(', ')}`;

const who = (holder: Holder): string =>
  `${holder.user}@${holder.host} (${holder.application}, process ${holder.process})`;
