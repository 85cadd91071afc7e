/** A new license while it is being filled in: texts as they are typed, and the question made of them. */

import { GENERIC_CLASS } from '../../../../protocol/license.ts';
import type { Question } from '../master-api.ts';

export interface PoolDraft {
  /** Empty for seats that serve any class. */
  readonly class: string;
  readonly seats: string;
  readonly overdraft: string;
}

export interface StageDraft {
  readonly class: string;
  readonly from: string;
  readonly until: string;
  readonly seats: string;
}

const EMPTY = {
  type: 'floating',
  customer: '',
  product: '',
  counting: '',
  features: '',
  versions: '',
  maintenance: '',
  resource: '',
  meters: '',
  borrowSeats: '',
  borrowDays: '',
  starts: '',
  expires: '',
  trial: '',
  term: '',
  hostCode: '',
  agents: '',
  policy: 'agents',
  refreshDays: '',
  refreshGrace: '',
  emergencyDays: '',
  emergencyWindow: '',
  master: '',
  childrenMost: '',
  childrenDepth: '',
  supersedes: '',
  expands: '',
  virtual: 'refuse',
  container: 'refuse',
  unknown: 'refuse',
} as const;

export type FieldName = keyof typeof EMPTY;

export interface OrderDraft extends Readonly<Record<FieldName, string>> {
  readonly pools: readonly PoolDraft[];
  readonly stages: readonly StageDraft[];
  readonly needsActivation: boolean;
}

export const emptyPool: PoolDraft = { class: '', seats: '', overdraft: '' };
export const emptyStage: StageDraft = { class: '', from: '', until: '', seats: '' };

export const emptyOrder = (preset: Partial<OrderDraft>): OrderDraft => ({
  ...EMPTY,
  pools: [emptyPool],
  stages: [],
  needsActivation: true,
  ...preset,
});

export const hasSeats = ({ type }: Pick<OrderDraft, 'type'>): boolean =>
  type === 'floating' || type === 'named';

const orNull = (text: string): string | null => text.trim() || null;
const words = (text: string): readonly string[] =>
  text
    .split(/[,;\s]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
/** `2:7`, where the second is left out with its colon; nothing without the first. */
const pair = (first: string, second: string): string | null =>
  orNull(first) === null ? null : [first.trim(), ...words(second)].join(':');

/** Seats in the words of the command line. */
export const seatWords = ({ pools, stages }: Pick<OrderDraft, 'pools' | 'stages'>) => {
  const named = pools.filter((pool) => orNull(pool.class) !== null);
  const generic = pools.find((pool) => orNull(pool.class) === null);
  const isAlone = pools.length === 1 && generic !== undefined;
  return {
    seats: generic === undefined ? null : orNull(generic.seats),
    classes: named.map((pool) => `${pool.class.trim()}=${pool.seats.trim()}`),
    overdrafts: pools
      .filter(({ overdraft }) => orNull(overdraft) !== null)
      .map((pool) => {
        const name = orNull(pool.class) ?? (isAlone ? null : GENERIC_CLASS);
        return `${name === null ? '' : `${name}=`}${pool.overdraft.trim()}`;
      }),
    stages: stages.map((stage) => {
      const name = orNull(stage.class);
      const front = name === null ? '' : `${name}:`;
      return `${front}${stage.from}..${stage.until}=${stage.seats.trim()}`;
    }),
  };
};

/** Asks for the license, or only whether it would be issued. */
export const orderQuestion = (
  kind: 'license-check' | 'license-issue',
  draft: OrderDraft,
): Question => ({
  kind,
  customer: draft.customer.trim(),
  policy: draft.policy,
  expands: orNull(draft.expands)?.toLowerCase() ?? null,
  order: {
    ...(hasSeats(draft) ? seatTerms(draft) : {}),
    ...(draft.type === 'standalone' ? {} : agentTerms(draft)),
    type: draft.type,
    product: orNull(draft.product),
    features: words(draft.features),
    versions: orNull(draft.versions),
    maintenance: orNull(draft.maintenance),
    resource: orNull(draft.resource),
    starts: orNull(draft.starts),
    expires: orNull(draft.expires),
    hostCode: orNull(draft.hostCode),
    needsActivation: draft.needsActivation,
    supersedes: words(draft.supersedes.toLowerCase()),
    hosts: { virtual: draft.virtual, container: draft.container, unknown: draft.unknown },
  },
});

/** What only a license with seats can say. */
const seatTerms = (draft: OrderDraft) => ({
  ...seatWords(draft),
  counting: orNull(draft.counting),
  borrow:
    orNull(draft.borrowSeats) === null && orNull(draft.borrowDays) === null
      ? null
      : `${draft.borrowSeats.trim()}:${draft.borrowDays.trim()}d`,
  children: pair(draft.childrenMost, draft.childrenDepth),
});

/** What only a license that an agent keeps count of can say. */
const agentTerms = (draft: OrderDraft) => ({
  meters: words(draft.meters),
  trial: orNull(draft.trial),
  term: orNull(draft.term),
  ...(draft.needsActivation && orNull(draft.hostCode) === null
    ? {
        agents: orNull(draft.agents),
        refresh: pair(draft.refreshDays, draft.refreshGrace),
        emergency: pair(draft.emergencyDays, draft.emergencyWindow),
        master: orNull(draft.master),
      }
    : {}),
});
