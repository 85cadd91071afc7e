import { userInfo } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { AuditLine, AuditReport } from '../../agent/core/operations.ts';
import { LevelStore } from '../../agent/edges/level-store.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const linesOf = async (site: Site): Promise<readonly AuditLine[]> => {
  const { stdout } = await site.usher('audit', 'show', '--json');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditLine);
};

/** An agent that has done this and that, and has ended. */
const used = async (): Promise<Site> => {
  const site = await Site.open();
  const agent = await site.serve();
  await site.addLicense({});
  await site.tryToWork();
  await site.tryToWork();
  agent.kill('SIGTERM');
  await agent.ending();
  return site;
};

/** Does something to the store that its own checks do not find. */
const tamper = async (site: Site, change: (store: LevelStore) => Promise<void>): Promise<void> => {
  await using store = await LevelStore.open(join(site.data, 'store'));
  await change(store);
};

const KEY = 'audit/record/0000000003';

story('S7: the audit names each change, who asked for it, and each seat', async () => {
  await using site = await Site.lending({});
  await site.tryToWork();
  await site.usher('seat', 'disconnect', 'nobody');
  const lines = await linesOf(site);
  const whats = lines.map(({ what }) => what);
  for (const what of ['agent-started', 'license-add', 'license-add done', 'seat-granted']) {
    assert.ok(whats.includes(what), `${what} in ${whats}`);
  }
  const refused = lines.find(({ what }) => what === 'seat-disconnect refused');
  assert.match(refused?.detail ?? '', /^no-match: /);
  const { username, uid } = userInfo();
  const added = lines.find(({ what }) => what === 'license-add');
  if (process.platform === 'linux') assert.match(added?.who ?? '', new RegExp(`\\(uid ${uid}\\)`));
  assert.match(added?.who ?? '', new RegExp(username));
  assert.match(added?.detail ?? '', /^text of \d+ characters/, 'a license is not in it as a whole');
  const whole = await site.json<AuditReport>('audit', 'verify');
  assert.is(whole.fault, null);
  assert.is(whole.leases, 1);
});

for (const [how, change, expected] of [
  ['removed', (store: LevelStore) => store.write([{ key: KEY, value: null }]), /record 3 is gone/],
  [
    'altered',
    async (store: LevelStore) => {
      const [entry] = await store.get([KEY]);
      const value = entry?.[1].slice() ?? new Uint8Array();
      const at = Buffer.from(value).indexOf('license-add');
      const place = at < 0 ? value.length - 1 : at;
      value[place] = (value[place] ?? 0) ^ 1;
      await store.write([{ key: KEY, value }]);
    },
    /record 3 (was altered|makes no sense)/,
  ],
  [
    'put in',
    async (store: LevelStore) => {
      const [entry] = await store.get([KEY]);
      await store.write([{ key: 'audit/record/0000009999', value: entry?.[1] ?? null }]);
    },
    /record 3 is there twice/,
  ],
  [
    'cut off at the end',
    async (store: LevelStore) => {
      const entries = await store.between('audit/record/', 'audit/record/~', 100);
      const last = entries.slice(-2).map(([key]) => ({ key, value: null }));
      await store.write(last);
    },
    /records \d+ to \d+ are gone/,
  ],
] as const) {
  story(`S7: a line that was ${how} is found, also after the agent has gone on`, async () => {
    await using site = await used();
    assert.is((await site.usher('audit', 'verify')).code, 0);
    await tamper(site, change);
    const { code, stdout } = await site.usher('audit', 'verify');
    assert.is(code, 5);
    assert.match(stdout, /^The audit is broken: /);
    assert.match(stdout, expected);
    await site.serve();
    await site.tryToWork();
    const later = await site.json<AuditReport>('audit', 'verify');
    assert.match(later.fault ?? 'none', expected);
  });
}

story(
  'S7: an old store in the place of the new one is found by a head noted elsewhere',
  async () => {
    await using site = await Site.lending({});
    const backup = site.file('old.backup');
    await site.usher('backup', backup);
    await site.tryToWork();
    const { stdout } = await site.usher('audit', 'head');
    const [, head = ''] = /^Head +(\S+)$/m.exec(stdout) ?? [];
    assert.is((await site.usher('audit', 'verify', '--head', head)).code, 0);
    const other = head.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    assert.match((await site.usher('audit', 'verify', '--head', other)).stdout, /than was noted/);
  },
);

tellStories();
