/** Members of one site, by a real etcd, and what they have in common. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { AuditLine, RulesView } from '../../agent/core/operations.ts';
import { FORMAT_KEY } from '../../agent/core/site/site-keys.ts';
import { obstacleToSentence } from '../../agent/core/site/site-obstacle.ts';
import type { PoolSummary } from '../../agent/core/usage/usage-report.ts';
import { openRegister } from '../../agent/open-register.ts';
import { pack } from '../../protocol/msgpack.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { canRunEtcd } from '../lan/etcd.ts';
import type { Site } from './site.ts';
import { joinSite, withBoxes } from './site-boxes.ts';
import { story, tellStories, untold } from './story.ts';
import { until } from './until.ts';

const SEATS = 40;
const me = userInfo().username;
const rulesOf = (box: Site): string => join(box.data, 'rules.conf');
const textOf = (box: Site): string =>
  existsSync(rulesOf(box)) ? readFileSync(rulesOf(box), 'utf8') : '';

const hasRules = (box: Site, text: string) =>
  until(`the rules are "${text}"`, async () => {
    const { lines } = await box.json<RulesView>('rules', 'show');
    const shown = lines.map((one) => one.text).join('\n');
    return (shown === text && textOf(box) === (text === '' ? '' : `${text}\n`)) || undefined;
  });

if (!canRunEtcd()) untold('what members of a site have in common (etcd-server)');
else {
  story('rules are changed on any member, hold on all, and the audit of each says by whom', () =>
    withBoxes(2, async ([one, other], etcd) => {
      assert.ok(one && other);
      await writeFile(rulesOf(one), 'idle 30 minutes acme-cad for everyone\n');
      await joinSite(one, etcd, 'box-1');
      await writeFile(rulesOf(other), '# my own\nexclude user mallory from acme-cad\n');
      const second = await joinSite(other, etcd, 'box-2');
      await hasRules(other, 'idle 30 minutes acme-cad for everyone');
      await second.saying(
        /The site's rules have taken the place of those in .*, which are kept as/,
      );
      const kept = readdirSync(other.data).filter((name) => name.startsWith('rules.conf.before-'));
      assert.is(kept.length, 1);
      assert.match(readFileSync(join(other.data, kept[0] ?? ''), 'utf8'), /^# my own\nexclude/);

      const added = await other.usher('seat', 'exclude', 'user eve', '--from', 'acme-cad');
      assert.is(added.code, 0, added.stderr);
      const both = 'idle 30 minutes acme-cad for everyone\nexclude user eve from acme-cad';
      await Promise.all([hasRules(one, both), hasRules(other, both)]);
      const { stdout } = await one.usher('audit', 'show', '--changes', '--json');
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as AuditLine);
      const taken = lines.find(({ what }) => what === 'shared-taken');
      assert.match(taken?.detail ?? '', new RegExp(`rules.*changed by ${me}.* on box-2`));
      assert.is(readdirSync(one.data).filter((name) => name.includes('before-')).length, 0);
    }),
  );

  story('who thinks of joining is told beforehand what of his own would give way', () =>
    withBoxes(2, async ([one, other], etcd) => {
      assert.ok(one && other);
      await writeFile(rulesOf(one), 'idle 30 minutes acme-cad for everyone\n');
      await joinSite(one, etcd, 'box-1');
      await hasRules(one, 'idle 30 minutes acme-cad for everyone');
      const urls = etcd.urls.map(({ origin }) => origin).join();
      await writeFile(rulesOf(other), '# my own\n');
      const shared = await until('the site has them', async () => {
        const told = await other.usher('site', 'plan', urls);
        return /The site has other rules/.test(told.stdout) ? told : undefined;
      });
      assert.match(shared.stdout, /its members are box-1\. `usher site join .*` would make this/);
      assert.match(
        shared.stdout,
        /the place of those in .*rules\.conf, which are kept beside it\./,
      );
      assert.not(existsSync(join(other.data, 'usher.conf')));
      await rm(rulesOf(other));
      const bare = await other.json<{ replaced: string[] }>('site', 'plan', urls);
      assert.equal(bare.replaced, []);
    }),
  );

  story('a register of another version is said to be one before anything is written down', () =>
    withBoxes(1, async ([box], etcd) => {
      assert.ok(box);
      const [url] = etcd.urls;
      assert.ok(url);
      const register = openRegister({
        endpoints: [url],
        name: 'site',
        authority: null,
        certificate: null,
        login: null,
      });
      const writes = [{ key: FORMAT_KEY, value: pack([2]) }];
      const signal = new AbortController().signal;
      const answer = await register.ask({ compares: [], writes, reads: [] }, signal);
      register.close();
      assert.is(answer.kind, 'transacted');
      for (const verb of ['plan', 'join']) {
        const { code, stdout, stderr } = await box.usher('site', verb, url.origin);
        assert.is(code, 1, stdout);
        // The agent's own words, should it be told to join nevertheless.
        assert.ok(stderr.startsWith(obstacleToSentence('format')), stderr);
      }
      assert.not(existsSync(join(box.data, 'usher.conf')));
      const agent = await box.serve('--site', url.origin);
      await agent.saying(/This agent does not join its site: other agents keep its register/);
    }),
  );

  story('what was changed by hand holds on all when it is reloaded, or not at all', () =>
    withBoxes(2, async ([one, other], etcd) => {
      assert.ok(one && other);
      await joinSite(one, etcd, 'box-1');
      await joinSite(other, etcd, 'box-2');
      await writeFile(rulesOf(one), 'exclude user eve from acme-cad\n');
      assert.is((await one.usher('rules', 'reload')).code, 0);
      await hasRules(other, 'exclude user eve from acme-cad');
      await etcd.kill(0);
      const cut = await until('nothing can be changed', async () => {
        const told = await other.usher('rules', 'remove', '1');
        return /not heard by its site's register/.test(told.stderr) ? told : undefined;
      });
      assert.is(cut.code, 1);
      assert.is(textOf(other), 'exclude user eve from acme-cad\n');
      assert.is((await other.json<RulesView>('rules', 'show')).lines.length, 1);
      await etcd.start(0);
      await until('it can be changed again', async () =>
        (await other.usher('rules', 'remove', '1')).code === 0 ? true : undefined,
      );
      await hasRules(one, '');
    }),
  );

  story(
    'licenses and passwords of one member are those of all; who joins later brings his along',
    () =>
      withBoxes(2, async ([one, other], etcd) => {
        assert.ok(one && other);
        await joinSite(one, etcd, 'box-1');
        const license = await one.addLicense();
        const set = await one.usher('console', 'password', '--role', 'viewer');
        assert.is(set.code, 0, set.stderr);
        const [password = ''] = /^\S{10,}$/m.exec(set.stdout) ?? [];
        // What it has of its own when it joins is the site's, too.
        const before = await other.serve('--name', 'box-2');
        const own = await other.addLicense({ product: 'acme-cam' });
        await before.destroy();
        await joinSite(other, etcd, 'box-2');
        const ids = [license.id, own.id].sort();
        for (const box of [one, other]) {
          await until('both licenses are there', async () => {
            const all = (await box.licenses()).map(({ id }) => id).sort();
            return all.join() === ids.join() || undefined;
          });
        }
        assert.is((await one.usher('license', 'remove', own.id, '--yes')).code, 0);
        await until('it is removed', async () =>
          (await other.licenses()).length === 1 ? true : undefined,
        );
        assert.match((await other.usher('license', 'restore')).stdout, new RegExp(own.id));
        const kept = (box: Site) => readFileSync(join(box.data, 'console-passwords.json'), 'utf8');
        await until('the password is known', () =>
          existsSync(join(other.data, 'console-passwords.json')) ? true : undefined,
        );
        assert.is(kept(one), kept(other));
        assert.ok(password.length >= 10 && !kept(other).includes(password));
      }),
  );

  story('reports and audit are of all members, whichever is asked, also of one that is off', () =>
    withBoxes(2, async ([one, other], etcd) => {
      assert.ok(one && other);
      await joinSite(one, etcd, 'box-1');
      const second = await joinSite(other, etcd, 'box-2');
      await one.addLicense({ pools: [poolOf(SEATS)] });
      await until('the license is there', async () =>
        (await other.licenses()).length === 1 ? true : undefined,
      );
      const excluded = await other.usher('seat', 'exclude', 'user eve', '--from', 'acme-cad');
      assert.is(excluded.code, 0, excluded.stderr);
      assert.is((await other.tryToWork()).code, 0);
      second.kill('SIGTERM');
      await second.gone;
      const rows = await one.json<readonly PoolSummary[]>('report', 'usage');
      assert.equal(
        rows.map(({ product, granted, peak, licensed }) => [product, granted, peak, licensed]),
        [['acme-cad', 1, 1, SEATS]],
      );
      const { stdout } = await one.usher('report', 'users');
      assert.match(stdout, new RegExp(`of UTC, of this member and box-2\\n(.*\\n)*.*${me}`));
      const audit = await one.usher('audit', 'show');
      assert.match(audit.stdout, /^box-2 {2}\d+ .* rules-edit {2}.*eve/m);
      assert.match(audit.stdout, /^box-1 {2}\d+ .* license-add {2}/m);
      await etcd.kill(0);
      const alone = await one.usher('report', 'usage');
      assert.match(alone.stdout, /of this member of the site alone/);
    }),
  );
}

tellStories();
