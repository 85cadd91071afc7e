/** Who belongs to which group. */

import { type Address, type AddressRange, isInRange, parseAddress } from './address-range.ts';
import { fitsPattern, foldName, type NamePattern } from './name-pattern.ts';
import { didYouMean } from './nearest-word.ts';
import {
  type Asker,
  GROUP_DEPTH_MAX,
  type GroupRule,
  type Member,
  type NameKind,
  type RuleFault,
  type Who,
} from './rule.ts';

/** Who asks, read once: names folded, the address parsed, every group that it is in. */
export interface Standing {
  readonly user: string;
  readonly host: string;
  readonly application: string;
  readonly address: Address | undefined;
  /** Folded names. */
  readonly groups: ReadonlySet<string>;
}

type Names = Omit<Standing, 'groups'>;

const NAME_KINDS: readonly NameKind[] = ['user', 'host', 'application'];

/** Whether the rule's WHO is this asker. */
export const belongsTo = (who: Who, standing: Standing): boolean => {
  switch (who.kind) {
    case 'everyone':
      return true;
    case 'nobody':
      return false;
    case 'group':
      return standing.groups.has(who.name.folded);
    case 'address':
      return standing.address !== undefined && isInRange(standing.address, who.range);
    case 'user':
    case 'host':
    case 'application':
      return fitsPattern(standing[who.kind], who.name);
  }
};

/** Every group, with plain names indexed: a look-up costs the groups that somebody is in, and globs. */
export class Groups {
  /** Folded group names by kind and folded name of a member. */
  readonly #byName: Readonly<Record<NameKind | 'group', Map<string, string[]>>> = {
    user: new Map(),
    host: new Map(),
    application: new Map(),
    group: new Map(),
  };
  readonly #globs: {
    readonly kind: NameKind;
    readonly glob: NamePattern;
    readonly group: string;
  }[] = [];
  readonly #ranges: { readonly range: AddressRange; readonly group: string }[] = [];

  constructor(rules: readonly GroupRule[]) {
    for (const { name, members } of rules) {
      for (const member of members) this.#add(member, name.folded);
    }
  }

  #add(member: Member, group: string): void {
    if (member.kind === 'address') {
      this.#ranges.push({ range: member.range, group });
    } else if (member.kind !== 'group' && member.name.isGlob) {
      this.#globs.push({ kind: member.kind, glob: member.name, group });
    } else {
      const index = this.#byName[member.kind];
      const groups = index.get(member.name.folded);
      if (groups === undefined) index.set(member.name.folded, [group]);
      else groups.push(group);
    }
  }

  standing(asker: Asker): Standing {
    const names: Names = {
      user: foldName(asker.user),
      host: foldName(asker.host),
      application: foldName(asker.application),
      // A link-local address comes with the interface that it was heard on.
      address: parseAddress((asker.address ?? '').replace(/%.*$/, '')),
    };
    const groups = new Set(this.#direct(names));
    // A set walked while it grows visits what is added: groups of groups, each once.
    for (const group of groups) {
      for (const parent of this.#byName.group.get(group) ?? []) groups.add(parent);
    }
    return { ...names, groups };
  }

  #direct(names: Names): readonly string[] {
    const found = NAME_KINDS.flatMap((kind) => this.#byName[kind].get(names[kind]) ?? []);
    for (const { kind, glob, group } of this.#globs) {
      if (fitsPattern(names[kind], glob)) found.push(group);
    }
    const { address } = names;
    if (address === undefined) return found;
    for (const { range, group } of this.#ranges) if (isInRange(address, range)) found.push(group);
    return found;
  }
}

/** What is wrong with groups in groups: unknown ones, circles, too many levels. */
export const checkGroups = (rules: readonly GroupRule[]): readonly RuleFault[] => {
  const byName = new Map(rules.map((rule) => [rule.name.folded, rule]));
  const levels = new Map<string, number>();
  const faults: RuleFault[] = [];
  /** Groups on the way from the outermost one to this. */
  const way: GroupRule[] = [];
  const levelOf = (rule: GroupRule): number => {
    const known = levels.get(rule.name.folded);
    if (known !== undefined) return known;
    const start = way.indexOf(rule);
    if (start >= 0) {
      faults.push({ line: rule.line.number, sentence: circleSentence(way.slice(start)) });
      return 0;
    }
    way.push(rule);
    let level = 1;
    for (const member of rule.members) {
      const inner = member.kind === 'group' ? byName.get(member.name.folded) : undefined;
      if (inner !== undefined) level = Math.max(level, 1 + levelOf(inner));
    }
    way.pop();
    levels.set(rule.name.folded, level);
    return level;
  };
  for (const rule of rules) {
    // Those around it are too deep as well: the innermost such group is told.
    if (levelOf(rule) === GROUP_DEPTH_MAX + 1) {
      const sentence = `Group ${rule.name.text} holds groups within groups more than ${GROUP_DEPTH_MAX} deep: name members directly.`;
      faults.push({ line: rule.line.number, sentence });
    }
  }
  return faults;
};

/** Names of a circle that are told. */
const CIRCLE_SHOWN = 6;

const circleSentence = (circle: readonly GroupRule[]): string => {
  const [first, ...others] = circle.map(({ name }) => name.text);
  if (others.length === 0) return `Group ${first} holds itself: take it out of its own line.`;
  const shown = others.slice(0, CIRCLE_SHOWN);
  if (shown.length < others.length) shown.push('…');
  return `Group ${first} holds itself by way of ${shown.join(', ')}: take one out of the other.`;
};

/** Says that no line makes this group, and which it may have been. */
export const unknownGroup = ({ text }: NamePattern, known: Iterable<string>): string =>
  `There is no group ${text}: make it by "group ${text} = …".${didYouMean(text, known)}`;
