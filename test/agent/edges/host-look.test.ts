import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostVerdict } from '../../../agent/core/host/host-verdict.ts';
import { readLinuxSigns } from '../../../agent/edges/host-facts/host-signs.ts';
import { HostLook } from '../../../agent/edges/host-look.ts';
import { fakeTree } from './host-facts/fake-tree.ts';

const verdictOf = (verdict: 'physical' | 'virtual'): HostVerdict => ({
  verdict,
  score: 0,
  evidence: [],
  host: verdict,
});

/** A host whose clocks, signs and nature are set by hand. */
const makeHost = () => {
  const host = {
    verdict: verdictOf('physical'),
    signs: 'a',
    now: 0,
    asleep: 0,
    fullLooks: 0,
    breaks: false,
  };
  const look = new HostLook({
    judge: async () => {
      host.fullLooks++;
      if (host.breaks) throw new Error('unreadable');
      return { verdict: host.verdict, code: new Uint8Array(0) };
    },
    readSigns: () => host.signs,
    now: () => host.now,
    sinceBoot: () => host.now + host.asleep,
  });
  const reports = async (): Promise<readonly string[]> => {
    const seen: string[] = [];
    await look.look(({ verdict }) => seen.push(verdict.verdict));
    return seen;
  };
  return { host, reports };
};

const looks = suite('host look');

looks('without a sign the machine is not read again for an hour', async () => {
  const { host, reports } = makeHost();
  await reports();
  host.verdict = verdictOf('virtual');
  host.now = 3_599_000;
  assert.equal(await reports(), ['physical']);
  assert.is(host.fullLooks, 1);
  host.now = 3_600_000;
  assert.equal(await reports(), ['physical', 'virtual'], 'nobody waits for the hourly look');
  assert.is(host.fullLooks, 2);
});

looks('a sign has it read before anything is said', async () => {
  const { host, reports } = makeHost();
  await reports();
  host.verdict = verdictOf('virtual');
  host.signs = 'another generation';
  assert.equal(await reports(), ['virtual']);
  assert.equal(await reports(), ['virtual']);
  assert.is(host.fullLooks, 2);
});

looks('a resume is a sign', async () => {
  const { host, reports } = makeHost();
  await reports();
  host.verdict = verdictOf('virtual');
  host.asleep = 60_000;
  assert.equal(await reports(), ['virtual']);
});

looks('clocks that read a little apart are no resume', async () => {
  const { host, reports } = makeHost();
  await reports();
  host.asleep = 500;
  await reports();
  assert.is(host.fullLooks, 1);
});

looks('two that ask at once share one look', async () => {
  const { host, reports } = makeHost();
  assert.equal(await Promise.all([reports(), reports()]), [['physical'], ['physical']]);
  assert.is(host.fullLooks, 1);
});

looks('a machine that cannot be read keeps its verdict, but at first there is none', async () => {
  const { host, reports } = makeHost();
  host.breaks = true;
  assert.is(await reports().catch(() => 'rejected'), 'rejected');
  host.breaks = false;
  await reports();
  host.breaks = true;
  host.signs = 'b';
  assert.equal(await reports(), ['physical']);
});

looks.run();

const signs = suite('host signs');

const signsOf = (files: Readonly<Record<string, string>>): string => {
  using tree = fakeTree(files);
  return readLinuxSigns(tree.root);
};

signs('they change with what the host is and with its VM clock, and not by themselves', () => {
  const clock = (marker: string) => ({ '/dev/vmclock0': `0123456789abcdef${marker}` });
  const files = { '/sys/class/dmi/id/modalias': 'dmi:bvnDell:', ...clock('11111111') };
  const before = signsOf(files);
  assert.is(signsOf(files), before);
  assert.is.not(signsOf({ ...files, ...clock('22222222') }), before);
  assert.is.not(signsOf({ ...files, '/sys/class/dmi/id/modalias': 'dmi:bvnSeaBIOS:' }), before);
});

signs.run();
