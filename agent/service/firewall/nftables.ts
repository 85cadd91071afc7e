/**
 * Rules for a plain nftables ruleset. A table of our own would not help: a packet must be accepted
 * by every chain that hears it, so ours go into those that can drop it.
 */

import { wordsToText } from '../plan.ts';
import {
  type FirewallWish,
  isForIPv6,
  type Opening,
  OWN_COMMENT,
  type OwnRule,
  openingComment,
  openingsOf,
  type Surveyor,
  settle,
} from './firewall.ts';

interface Chain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly policy: string;
}

interface Rule {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly handle: number;
  readonly comment: string;
  readonly canBlock: boolean;
  /** What it matches and does, as nft writes it. */
  readonly text: string;
}

export const surveyNftables: Surveyor = async (tool, wish) => {
  const answer = await tool(['nft', '-j', 'list', 'ruleset']);
  if (answer.status !== 0) return undefined;
  const { chains, rules } = readRuleset(answer.out);
  const blocking = chains.filter(
    (chain) => chain.policy === 'drop' || rules.some((rule) => rule.canBlock && isIn(rule, chain)),
  );
  const own = rules.filter(({ comment }) => comment.startsWith(OWN_COMMENT)).map(toOwnRule);
  if (blocking.length === 0 && own.length === 0) return undefined;
  const wanted = blocking.flatMap((chain) => wantedRules(chain, wish));
  const names = blocking.map(({ family, table, name }) => `${family} ${table} ${name}`);
  const lasting = wanted.flatMap(({ add }) => add).map((step) => wordsToText(step.slice(1)));
  return {
    firewall: 'nftables',
    state: `nftables filters what comes in (${names.join(', ') || 'no chain any more'}).`,
    isNamedByOthers: rules.some(
      ({ comment, text }) =>
        !comment.startsWith(OWN_COMMENT) && new RegExp(`\\b${wish.port}\\b`).test(text),
    ),
    warnings:
      lasting.length === 0
        ? []
        : [
            `nftables forgets these rules when it loads its own again, at the next start at the latest. To keep them, append to /etc/nftables.conf: ${lasting.join('; ')}`,
          ],
    ...settle(wanted, own),
  };
};

const isIn = (rule: Rule, { family, table, name }: Chain): boolean =>
  rule.family === family && rule.table === table && rule.chain === name;

const toOwnRule = ({ family, table, chain, handle, comment }: Rule): OwnRule => ({
  key: `${family} ${table} ${chain}: ${comment}`,
  remove: [['nft', 'delete', 'rule', family, table, chain, 'handle', `${handle}`]],
});

const wantedRules = ({ family, table, name }: Chain, wish: FirewallWish) =>
  openingsOf(wish)
    .filter((opening) => family === 'inet' || family === familyOf(opening))
    .map((opening) => {
      const { protocol, port, network } = opening;
      const comment = openingComment(opening);
      const match = [familyOf(opening), 'saddr', network, protocol, 'dport', `${port}`];
      const rule = [...match, 'accept', 'comment', `"${comment}"`];
      return {
        key: `${family} ${table} ${name}: ${comment}`,
        add: [['nft', 'insert', 'rule', family, table, name, ...rule]],
      };
    });

const familyOf = (opening: Opening): string => (isForIPv6(opening) ? 'ip6' : 'ip');

/** What `nft -j list ruleset` says, as far as it is about what comes in. */
const readRuleset = (
  json: string,
): { readonly chains: readonly Chain[]; readonly rules: readonly Rule[] } => {
  const list = (JSON.parse(json) as { readonly nftables: readonly NftItem[] }).nftables;
  const chains = list.flatMap(({ chain }) =>
    chain?.hook === 'input' && isOurs(chain.family, chain.table, chain.name)
      ? [{ ...chain, policy: chain.policy ?? 'accept' }]
      : [],
  );
  const rules = list.flatMap(({ rule }) =>
    rule === undefined
      ? []
      : [
          {
            ...rule,
            comment: rule.comment ?? '',
            canBlock: canBlock(rule.expr),
            text: JSON.stringify(rule.expr),
          },
        ],
  );
  return { chains, rules };
};

/** What iptables has made is changed with iptables: it cannot read rules of another's making. */
const isOurs = (family: string, table: string, chain: string): boolean =>
  ['inet', 'ip', 'ip6'].includes(family) && !(table === 'filter' && chain === 'INPUT');

type NftExpression = Readonly<Record<string, unknown>>;

interface NftItem {
  readonly chain?: Omit<Chain, 'policy'> & { readonly hook?: string; readonly policy?: string };
  readonly rule?: Omit<Rule, 'comment' | 'canBlock' | 'text'> & {
    readonly comment?: string;
    readonly expr: readonly NftExpression[];
  };
}

/** Whether the rule can keep a client's datagram out: it is not about TCP, and not to let in. */
const canBlock = (expressions: readonly NftExpression[]): boolean =>
  expressions.some((one) =>
    ['drop', 'reject', 'jump', 'goto', 'queue'].some((verb) => verb in one),
  ) && !expressions.some(({ match }) => JSON.stringify(match ?? '').includes('"tcp"'));
