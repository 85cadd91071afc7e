/**
 * Administrators of a site who change its rules and licenses on any member, each upon what he has read
 * there. No change of rules is made of a text that its author has not seen, and in peace all members
 * have the same.
 */

import type { TakeShared } from '../../agent/core/charter/charter-effects.ts';
import { SHARED_PREFIX } from '../../agent/core/charter/charter-record.ts';
import type { LicenseView } from '../../agent/core/operations.ts';
import { armor } from '../../protocol/armor.ts';
import { bytesToUtf8, utf8ToBytes } from '../../protocol/bytes.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import { plainLicense } from '../plain-license.ts';
import type { AgentHost } from './agent-host.ts';
import type { Random } from './random.ts';
import { VENDOR } from './site-ground.ts';
import type { Broken } from './site-promises.ts';
import type { RegisterChange } from './site-register.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import type { World } from './world.ts';

/** Where the whole of such a short text is. */
export const RULES_KEY = `${SHARED_PREFIX}rules/0`;
/** A file is written within so many milliseconds. */
const WRITING = 300;

/** Other licenses that come and go. */
const LICENSES = 4;

const texts = new Map<number, string>();

const signText = (number: number): string => {
  const known = texts.get(number);
  if (known !== undefined) return known;
  const terms = plainLicense({ product: `other-${number}` });
  const bytes = signLicense(terms, new Uint8Array(16).fill(number), VENDOR, swiftPrimitives);
  const text = armor('license', bytes, swiftPrimitives);
  texts.set(number, text);
  return text;
};

const licensesOf = (member: AgentHost): readonly LicenseView[] => {
  let licenses: readonly LicenseView[] = [];
  member.operate({ kind: 'license-list' }, (outcome) => {
    if (outcome.kind === 'license-list') licenses = outcome.licenses;
  });
  return licenses;
};

export class SiteScribes {
  readonly #world: World;
  readonly #random: Random;
  /** What stands in the file of each member: it survives the member. */
  readonly #files = new Map<AgentHost, string>();
  /** Which of what was asked for was written last: a keeper writes one text after the other. */
  readonly #written = new Map<AgentHost, number>();
  #texts = 0;
  #asked = 0;

  constructor(world: World, random: Random, members: readonly AgentHost[]) {
    this.#world = world;
    this.#random = random;
    for (const member of members) {
      // Who joins later finds that his own are not those of the site.
      this.#files.set(member, random.chance(0.3) ? this.#next('') : '');
      member.onTakeShared = (asked) => this.#take(member, asked);
    }
  }

  /** Somebody changes the rules, or the licenses, on one of the members. */
  change(): void {
    const [member, text] = this.#random.pick([...this.#files]) ?? [];
    if (member === undefined || text === undefined) return;
    if (this.#random.chance(0.5)) return this.#offer(member, this.#next(text), text);
    const number = this.#random.whole(1, LICENSES);
    if (this.#random.chance(0.6)) {
      return member.operate({ kind: 'license-add', text: signText(number) }, () => {});
    }
    const removed = licensesOf(member).find(({ product }) => product === `other-${number}`);
    if (removed === undefined) return;
    member.operate({ kind: 'license-remove', id: removed.id }, () => {});
  }

  /** No change is lost: each is of the text that it takes the place of. */
  judge(changes: readonly RegisterChange[]): Broken | undefined {
    for (const { key, before, after } of changes) {
      if (key !== RULES_KEY || after === undefined) continue;
      const [was, now] = [before ? (bytesToUtf8(before) ?? '') : '', bytesToUtf8(after) ?? ''];
      if (now.endsWith(` after ${was.split(' ')[0]}`)) continue;
      // What a member has brought along, into a site that had none.
      if (was === '') continue;
      const detail = `"${now}" in the place of "${was}"`;
      return { invariant: 'no change of rules undoes one that its author has not seen', detail };
    }
    return undefined;
  }

  /** Everybody has the same, which the register has. */
  judgePeace(kept: Uint8Array | undefined): Broken | undefined {
    const text = kept === undefined ? undefined : bytesToUtf8(kept);
    const others = [...this.#files].filter(([, one]) => one !== (text ?? ''));
    if (others.length === 0) return this.#judgeLicenses();
    const detail = others.map(([{ name }, one]) => `${name} has "${one}", not "${text}"`).join();
    return { invariant: 'in peace all members have the same rules', detail };
  }

  #judgeLicenses(): Broken | undefined {
    const all = [...this.#files.keys()].map((member) => {
      const products = licensesOf(member).map(({ product }) => product);
      return `${member.name}: ${products.sort().join(' ')}`;
    });
    const lists = new Set(all.map((one) => one.replace(/^.*: /, '')));
    if (lists.size === 1) return undefined;
    return { invariant: 'in peace all members have the same licenses', detail: all.join('; ') };
  }

  #next(before: string): string {
    return `${++this.#texts} after ${before.split(' ')[0]}`;
  }

  #offer(member: AgentHost, text: string, was: string): void {
    const [bytes, seen] = [utf8ToBytes(text), utf8ToBytes(was)];
    const offer = { kind: 'shared-offer', what: 'rules', bytes, was: seen, who: 'anna' } as const;
    member.operate(offer, () => {});
  }

  #take(member: AgentHost, asked: TakeShared): void {
    if (asked.what !== 'rules') return;
    const { agent } = member;
    const own = this.#files.get(member) ?? '';
    if (asked.bytes === null) return own === '' ? undefined : this.#offer(member, own, '');
    const text = bytesToUtf8(asked.bytes) ?? '';
    const number = ++this.#asked;
    this.#world.in(this.#random.between(0, WRITING), () => {
      if (member.agent !== agent || member.disk.fails) return;
      if (number < (this.#written.get(member) ?? 0)) return;
      this.#written.set(member, number);
      this.#files.set(member, text);
      member.saysTaken(asked);
    });
  }
}
