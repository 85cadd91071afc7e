import { writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import type { HostVerdict } from '../../agent/core/host/host-verdict.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const PHYSICAL = {
  platform: 'linux',
  arch: 'x64',
  dmi: { sys_vendor: 'Dell Inc.', product_name: 'OptiPlex 7080', board_vendor: 'Dell Inc.' },
  cpu: {
    vendor: 'GenuineIntel',
    model: 'Intel(R) Core(TM) i7-10700 CPU @ 2.90GHz',
    flags: ['vmx'],
  },
};
const VIRTUAL = {
  platform: 'linux',
  arch: 'x64',
  dmi: { sys_vendor: 'QEMU', product_name: 'Standard PC (Q35 + ICH9, 2009)' },
  cpu: { vendor: 'GenuineIntel', model: 'QEMU Virtual CPU', flags: ['hypervisor'] },
};

story('P2: this computer is judged, with the evidence that decided it', async () => {
  await using site = await Site.open();
  const [text, verdict] = await Promise.all([
    site.usher('hardware'),
    site.json<HostVerdict>('hardware'),
  ]);
  assert.is(text.code, 0, text.stderr);
  assert.match(text.stdout, /^(This (computer|program)|It cannot be told)/);
  assert.match(text.stdout, /\n$/, 'the last line ends');
  assert.ok(['physical', 'virtual', 'container', 'unknown'].includes(verdict.verdict));
  assert.type(verdict.score, 'number');
  if (verdict.verdict === 'virtual') assert.ok(verdict.evidence.some(({ weight }) => weight > 0));
});

story('P2: recorded facts are judged instead of this computer', async () => {
  await using site = await Site.open();
  await writeFile(site.file('physical.json'), JSON.stringify(PHYSICAL));
  await writeFile(site.file('virtual.json'), `\ufeff${JSON.stringify({ facts: VIRTUAL })}`);
  const judge = (file: string) => site.json<HostVerdict>('hardware', '--facts', file);
  const [physical, virtual] = await Promise.all([judge('physical.json'), judge('virtual.json')]);
  assert.is(virtual.verdict, 'virtual');
  assert.is.not(physical.verdict, 'virtual');
  const { stdout } = await site.usher('hardware', '--facts', 'virtual.json');
  assert.match(stdout, /^This computer is a virtual machine/);
});

story('a whole collection is judged in one run, a line each', async () => {
  await using site = await Site.open();
  const lines = [PHYSICAL, { label: 'x', facts: VIRTUAL }, VIRTUAL].map((one) =>
    JSON.stringify(one),
  );
  await writeFile(site.file('machines.jsonl'), `${lines.join('\n')}\n`);
  const { code, stdout } = await site.usher('hardware', '--facts', 'machines.jsonl', '--json');
  assert.is(code, 0);
  const verdicts = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as HostVerdict).verdict);
  assert.is(verdicts.length, 3);
  assert.equal(verdicts.slice(1), ['virtual', 'virtual']);
  const words = await site.usher('hardware', '--facts', 'machines.jsonl');
  assert.equal(words.stdout.trim().split('\n'), verdicts);
});

story('facts that are none are broken data, told with their line', async () => {
  await using site = await Site.open();
  await writeFile(site.file('broken.json'), '{"platform":');
  await writeFile(site.file('broken.jsonl'), `${JSON.stringify(VIRTUAL)}\n[1,2]\n`);
  const [missing, broken, line] = await Promise.all([
    site.usher('hardware', '--facts', 'none.json'),
    site.usher('hardware', '--facts', 'broken.json'),
    site.usher('hardware', '--facts', 'broken.jsonl'),
  ]);
  assert.is(missing.code, 1);
  assert.is(
    missing.stderr,
    'Cannot read none.json: there is no such file or folder. See `usher hardware --help`.\n',
  );
  assert.is(broken.code, 5);
  assert.is(broken.stderr, 'broken.json is not JSON. See `usher hardware --help`.\n');
  assert.is(line.code, 5);
  assert.match(line.stderr, /^line 2: /);
});

tellStories();
