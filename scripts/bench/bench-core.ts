/** The core alone, with sessions in the same process: no socket and no disk. */

import { Agent } from '../../agent/core/agent.ts';
import { SEED_SIZE } from '../../agent/core/agent-parts.ts';
import type { HostVerdict } from '../../agent/core/host/host-verdict.ts';
import { licenseStoreKey } from '../../agent/core/seats/lease-record.ts';
import type { License } from '../../protocol/license.ts';
import { KEY_SIZE, LICENSE_ID_SIZE, NONCE_SIZE } from '../../protocol/limits.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { type Offer, SPOKEN } from '../../protocol/offers.ts';
import { buildDiscover, parseFrame } from '../../protocol/packet.ts';
import { openLicense, signLicense } from '../../protocol/signed-license.ts';
import { epochSeconds, instant, type Moment, seconds } from '../../protocol/units.ts';
import { LICENSE, poolOf } from '../vectors/fixed.ts';
import { PRODUCT } from './bench-agent.ts';
import type { BenchSession } from './bench-session.ts';

/** What every look at the host finds. */
export const PHYSICAL: HostVerdict = {
  verdict: 'physical',
  host: 'physical',
  score: 0,
  evidence: [],
  unreadable: [],
};
const WALL = epochSeconds(1_800_000_000);
/** An agent with one license of so many seats. */
export const makeAgent = (seats: number): Agent => {
  const agent = new Agent({
    name: 'bench',
    version: '0',
    primitives: nativePrimitives,
    secret: systemEntropy(KEY_SIZE),
    seed: systemEntropy(SEED_SIZE),
    vendorKeys: null,
  });
  const license: Omit<License, 'id'> = {
    ...LICENSE,
    product: PRODUCT,
    expires: null,
    term: seconds(86_400),
    pools: [poolOf(seats)],
    hosts: { virtual: 'allow', container: 'host', unknown: 'allow' },
  };
  const keys = nativePrimitives.signingKeys(systemEntropy(KEY_SIZE));
  const document = signLicense(license, systemEntropy(LICENSE_ID_SIZE), keys, nativePrimitives);
  const opened = openLicense(document, nativePrimitives);
  if (!opened.ok) throw new Error(opened.error);
  const key = licenseStoreKey(opened.value.license.id);
  agent.step({ kind: 'restored', entries: [[key, document]] }, momentOf(0));
  return agent;
};

/** So many milliseconds after the start. */
export const momentOf = (number: number): Moment => ({ mono: instant(1000 + number), wall: WALL });

export const endpointOf = (number: number) => ({
  address: `10.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`,
  port: 40_000,
});

/** What the agent offers to a client at this address, `number` milliseconds after the start. */
export const askOffer = (agent: Agent, address: number, number = 0): Offer => {
  const from = endpointOf(address);
  const bytes = buildDiscover({
    nonce: systemEntropy(NONCE_SIZE),
    versions: SPOKEN,
    product: null,
  });
  const [sent] = agent.step({ kind: 'datagram', from, bytes }, momentOf(number));
  const frame = sent?.kind === 'send' ? parseFrame(sent.bytes) : undefined;
  if (typeof frame !== 'object' || frame.kind !== 'offer') throw new Error('No offer.');
  return frame.offer;
};

/** One hello, `number` milliseconds after the start, and the word that its lease is on the disk. */
export const acquire = (
  agent: Agent,
  session: BenchSession,
  address: number,
  number: number,
): void => {
  const from = endpointOf(address);
  const bytes = session.acquire(PRODUCT);
  const at = momentOf(number);
  const asked = agent.step({ kind: 'datagram', from, bytes }, at);
  const looks = asked.some((effect) => effect.kind === 'look-at-host');
  const effects = looks ? agent.step({ kind: 'host-judged', verdict: PHYSICAL }, at) : asked;
  const commit = effects.find((effect) => effect.kind === 'commit');
  if (commit?.kind !== 'commit') throw new Error('No seat was granted.');
  agent.step({ kind: 'committed', ticket: commit.ticket }, at);
};
