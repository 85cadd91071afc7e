import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderLicense, renderLicenses } from '../../../agent/cli/license-text.ts';
import { runCli } from '../../../agent/cli/run-cli.ts';
import type { LicenseView } from '../../../agent/core/operations.ts';
import { readSettings } from '../../../agent/settings.ts';
import { dearmor } from '../../../protocol/armor.ts';
import type { License } from '../../../protocol/license.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { openLicense } from '../../../protocol/signed-license.ts';
import { plainLicenseView } from '../../plain-license.ts';

const policy = suite<{ folder: string }>('host policy');

policy.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'usher-policy-'));
});
policy.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const usher = async (folder: string, ...words: readonly string[]) => {
  let err = '';
  const code = await runCli(words, {
    out: () => {},
    err: (text) => {
      err += text;
    },
    environment: { HOME: folder },
    isColored: false,
    columns: 80,
    rows: 24,
    readInput: () => Promise.reject(new Error('nothing is read')),
    judgeHost: () => Promise.reject(new Error('nothing is judged')),
  });
  return { code, err };
};

const issue = async (folder: string, ...rules: readonly string[]) => {
  const [key, out] = [join(folder, 'vendor.key'), join(folder, 'license.txt')];
  await usher(folder, 'vendor', 'keygen', '--out', key);
  const order = ['--product', 'acme', '--customer', 'ACME', '--seats', '1'];
  return usher(folder, 'vendor', 'issue', '--key', key, ...order, '--out', out, ...rules);
};

const hostsOf = (folder: string): License['hosts'] | undefined => {
  const text = readFileSync(join(folder, 'license.txt'), 'utf8');
  const [block] = dearmor('license', text, nativePrimitives);
  const opened = block?.ok ? openLicense(block.value, nativePrimitives) : undefined;
  return opened?.ok ? opened.value.license.hosts : undefined;
};

const CASES: readonly [readonly string[], License['hosts']][] = [
  [[], { virtual: 'refuse', container: 'refuse', unknown: 'refuse' }],
  [['--allow-virtual'], { virtual: 'allow', container: 'refuse', unknown: 'refuse' }],
  [['--container', 'host'], { virtual: 'refuse', container: 'host', unknown: 'refuse' }],
  [['--container', 'allow'], { virtual: 'refuse', container: 'allow', unknown: 'refuse' }],
  [['--allow-container'], { virtual: 'refuse', container: 'host', unknown: 'refuse' }],
  [['--allow-unknown'], { virtual: 'refuse', container: 'refuse', unknown: 'allow' }],
];

for (const [words, hosts] of CASES)
  policy(`vendor issue ${words.join(' ')} is signed so`, async ({ folder }) => {
    assert.is((await issue(folder, ...words)).code, 0);
    assert.equal(hostsOf(folder), hosts);
  });

policy(
  'a rule that there is not, or two that disagree, are refused in words',
  async ({ folder }) => {
    const unknown = await issue(folder, '--container', 'maybe');
    assert.is(unknown.code, 2);
    assert.match(unknown.err, 'refuse, host, allow');
    const both = await issue(folder, '--container', 'allow', '--allow-container');
    assert.is(both.code, 2);
    assert.match(both.err, 'disagree');
  },
);

policy('what is refused here is set by flag, environment or file', ({ folder }) => {
  const read = (refused: string) =>
    readSettings({
      flags: { data: folder },
      environment: { HOME: folder, USHER_REFUSE_HOSTS: refused },
    }).refuseHosts;
  assert.equal(read('virtual,container'), ['virtual', 'container']);
  assert.equal(readSettings({ flags: { data: folder }, environment: {} }).refuseHosts, []);
  assert.throws(() => read('physical'), /USHER_REFUSE_HOSTS is of virtual, container, unknown/);
});

const REFUSED: LicenseView = {
  ...plainLicenseView({
    product: 'acme',
    hosts: { virtual: 'refuse', container: 'refuse', unknown: 'refuse' },
  }),
  state: 'virtual-host',
  refusal: 'unknown-host',
  refusedHost: {
    verdict: 'unknown',
    by: 'license',
    evidence: [{ id: 'dmi-maker', weight: -10, value: 'Dell Inc.' }],
    unreadable: ['/sys/bus/pci'],
  },
  pools: [
    { class: 'generic', seats: 1, overdraft: 0, stages: [], licensed: 1, shared: 1, lent: 0 },
  ],
};

policy('a refused license shows the evidence and what to open', () => {
  for (const text of [
    renderLicense(REFUSED),
    renderLicenses([REFUSED], Number.POSITIVE_INFINITY),
  ]) {
    assert.match(text, 'virtual-host');
    assert.match(text, 'judged unknown');
    assert.match(text, 'dmi-maker');
    assert.match(text, '/sys/bus/pci');
  }
});

policy.run();
