/**
 * Which endpoints may be asked: those that were seen to be of one cluster. Etcd makes its ids of what it was
 * set up with: several that know nothing of each other have the same where nobody set anything. So two
 * that call themselves the same member have to prove it, by what one is told and the other knows.
 */

import { randomBytes } from 'node:crypto';
import type { RegisterAnswer, RegisterAsk } from '../../core/site/register.ts';
import type { EndpointView } from '../../core/site/site-view.ts';
import type { EtcdOrigin } from './etcd-answer.ts';
import { judgeCluster, type Unproven } from './etcd-cluster.ts';
import type { EtcdLine } from './etcd-line.ts';

interface Asking {
  /** How endpoints are; one view for each line. */
  readonly look: (
    lines: readonly EtcdLine[],
    stop: AbortSignal,
  ) => Promise<readonly EndpointView[]>;
  /** Asks one of them, whatever is known of it. */
  readonly ask: (line: EtcdLine, ask: RegisterAsk, stop: AbortSignal) => Promise<RegisterAnswer>;
}

const TRIAL_PREFIX = 'trial/';
const TRIAL_SIZE = 16;

export class EtcdEndpoints {
  readonly #lines: readonly EtcdLine[];
  readonly #asking: Asking;
  #cluster: string | undefined;
  /** Which members of the cluster those are that may be asked. */
  readonly #members = new Map<EtcdLine, string>();

  constructor(lines: readonly EtcdLine[], asking: Asking) {
    this.#lines = lines;
    this.#asking = asking;
  }

  /** Sees to it that the cluster is known; what to answer instead where it cannot be. */
  async prove(stop: AbortSignal): Promise<Unproven | undefined> {
    if (this.#cluster !== undefined || this.#isAlone) return undefined;
    const seen = await this.#asking.look(this.#lines, stop);
    const judged = judgeCluster(seen);
    if (typeof judged !== 'string') return judged;
    this.#cluster = judged;
    for (const [i, line] of this.#lines.entries()) {
      if (seen[i]?.cluster !== judged) continue;
      const refusal = await this.#admit(line, seen[i]?.member ?? '', stop);
      if (refusal?.kind !== 'refused') continue;
      this.#forget();
      return refusal;
    }
    return undefined;
  }

  /** Why nothing is asked of an endpoint: it was not seen to be of the cluster, and is not now. */
  async refuse(line: EtcdLine, stop: AbortSignal): Promise<Unproven | undefined> {
    if (this.#isAlone || this.#members.has(line)) return undefined;
    const [seen] = await this.#asking.look([line], stop);
    if (seen === undefined || seen.cluster === null || seen.member === null)
      return { kind: 'silent', sentence: seen?.trouble ?? 'Nothing of etcd answers.' };
    if (seen.cluster !== this.#cluster) return ofAnother(line);
    return this.#admit(line, seen.member, stop);
  }

  /** What is wrong with an answer: it is of another cluster, and what was known is no more. */
  differs(line: EtcdLine, { cluster }: EtcdOrigin): Unproven | undefined {
    if (this.#isAlone || cluster === this.#cluster) return undefined;
    this.#forget();
    return ofAnother(line);
  }

  /** One alone differs from no other. */
  get #isAlone(): boolean {
    return this.#lines.length === 1;
  }

  #forget(): void {
    this.#cluster = undefined;
    this.#members.clear();
  }

  async #admit(line: EtcdLine, member: string, stop: AbortSignal): Promise<Unproven | undefined> {
    const [twin] = [...this.#members].find(([, other]) => other === member) ?? [];
    const refusal = twin && (await this.#compare(line, twin, stop));
    if (refusal === undefined) this.#members.set(line, member);
    return refusal;
  }

  /** What is written at one of them, once, is there at the other, or they are two. */
  async #compare(line: EtcdLine, twin: EtcdLine, stop: AbortSignal): Promise<Unproven | undefined> {
    const key = TRIAL_PREFIX + randomBytes(TRIAL_SIZE).toString('hex');
    const write = (value: Uint8Array | null): RegisterAsk => ({
      compares: [],
      writes: [{ key, value }],
      reads: [],
    });
    const written = await this.#asking.ask(twin, write(new Uint8Array(1)), stop);
    if (written.kind !== 'transacted') return written;
    const read = { compares: [], writes: [], reads: [{ prefix: key, since: 0 }] };
    const found = await this.#asking.ask(line, read, stop);
    await this.#asking.ask(twin, write(null), stop);
    if (found.kind !== 'transacted') return found;
    if (found.entries.length === 1) return undefined;
    const urls = `${twin.url.origin} and ${line.url.origin}`;
    const sentence = `${urls} call themselves the same member of etcd, and are not: they are no cluster. Set them up as one, each with a name and addresses of its own.`;
    return { kind: 'refused', sentence };
  }
}

const ofAnother = (line: EtcdLine): Unproven => ({
  kind: 'silent',
  sentence: `${line.url.origin} is of another cluster of etcd than what was asked before.`,
});
