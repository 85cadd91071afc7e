/** The register's edge and a real etcd of three members: as it is, with TLS, and with passwords. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RegisterAnswer, RegisterAsk } from '../../agent/core/site/register.ts';
import type { EtcdRegister } from '../../agent/edges/site/etcd-register.ts';
import { openRegister } from '../../agent/open-register.ts';
import type { SiteSettings } from '../../agent/site-settings.ts';
import { utf8ToBytes } from '../../protocol/bytes.ts';
import { until } from '../stories/until.ts';
import { canRunEtcd, EtcdMembers, type EtcdOptions, loopbackPlaces } from './etcd.ts';

const NEVER = new AbortController().signal;

const transact = (
  compares: RegisterAsk['compares'],
  writes: RegisterAsk['writes'],
  reads: RegisterAsk['reads'] = [{ prefix: '', since: 0 }],
): RegisterAsk => ({ compares, writes, reads });

const put = (key: string, text: string) => ({ key, value: utf8ToBytes(text) });

/** The keys with their texts, as they stand in an answer. */
const entriesOf = (answer: RegisterAnswer): Readonly<Record<string, string>> => {
  if (answer.kind !== 'transacted') throw new Error(JSON.stringify(answer));
  return Object.fromEntries(
    answer.entries.map(({ key, value }) => [key, Buffer.from(value).toString()]),
  );
};

interface Rig {
  readonly etcd: EtcdMembers;
  readonly folder: string;
  readonly register: (more?: Partial<SiteSettings>) => EtcdRegister;
  readonly ask: (ask: RegisterAsk) => Promise<RegisterAnswer>;
}

const withEtcd = async (
  count: number,
  options: (folder: string) => Omit<EtcdOptions, 'places'>,
  more: (folder: string) => Partial<SiteSettings>,
  what: (rig: Rig) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-etcd-'));
  const places = await loopbackPlaces(count, folder);
  using etcd = new EtcdMembers({ places, ...options(folder) });
  const opened: EtcdRegister[] = [];
  const register = (others: Partial<SiteSettings> = {}): EtcdRegister => {
    const none = { name: 'office', authority: null, certificate: null, login: null };
    const one = openRegister({ endpoints: etcd.urls, ...none, ...more(folder), ...others });
    opened.push(one);
    return one;
  };
  try {
    await etcd.startAll();
    const first = register();
    await what({ etcd, folder, register, ask: (ask) => first.ask(ask, NEVER) });
  } finally {
    for (const one of opened) one.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const PLAIN = () => ({});

/** As etcd is where nobody says how others reach it: each has the same ids then. */
const ALIKE = () => ({
  flags: [
    ...['--initial-advertise-peer-urls', 'http://localhost:2380'],
    ...['--initial-cluster', 'm1=http://localhost:2380'],
  ],
});

const openssl = (folder: string, script: string): void => {
  const done = spawnSync('sh', ['-ec', script], { cwd: folder, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
};

/** An authority, a certificate of etcd's and one of a member's, each with its key in one file. */
const makeCertificates = (folder: string): void =>
  openssl(
    folder,
    `openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ca
    for name in server member; do
      openssl req -newkey rsa:2048 -nodes -keyout $name.key -out $name.csr -subj /CN=$name
      printf 'subjectAltName=IP:127.0.0.1\\nextendedKeyUsage=serverAuth,clientAuth\\n' > $name.ext
      openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \\
        -extfile $name.ext -out $name.crt
      cat $name.crt $name.key > $name.pem
    done`,
  );

/** Turns passwords on: root may everything, ann only what is the office's. Tokens end in seconds. */
const PASSWORDS: readonly (readonly [string, unknown])[] = [
  ['role/add', { name: 'root' }],
  ['role/add', { name: 'office' }],
  [
    'role/grant',
    {
      name: 'office',
      perm: {
        permType: 'READWRITE',
        key: Buffer.from('/usher/office/').toString('base64'),
        range_end: Buffer.from('/usher/office0').toString('base64'),
      },
    },
  ],
  ['user/add', { name: 'root', password: 'root' }],
  ['user/add', { name: 'ann', password: 'secret' }],
  ['user/grant', { user: 'root', role: 'root' }],
  ['user/grant', { user: 'ann', role: 'office' }],
  ['enable', {}],
];

if (!canRunEtcd()) {
  console.log('No etcd here (etcd-server): nothing keeps a register.');
} else {
  test('transactions hold or do nothing; values and keys are any bytes', () =>
    withEtcd(1, PLAIN, PLAIN, async ({ ask }) => {
      const made = await ask(transact([{ key: 'å/1', revision: 0 }], [put('å/1', 'ö\0')]));
      assert.equal(entriesOf(made), { 'å/1': 'ö\0' });
      const revision = made.kind === 'transacted' ? made.revision : 0;
      const again = await ask(transact([{ key: 'å/1', revision: 0 }], [put('å/1', 'no')]));
      assert.is(again.kind === 'transacted' && again.isDone, false);
      assert.equal(entriesOf(again), { 'å/1': 'ö\0' }, 'what stands there is told all the same');
      const next = await ask(
        transact([{ key: 'å/1', revision }], [put('å/1', 'two'), put('l', 'x')]),
      );
      assert.equal(entriesOf(next), { l: 'x', 'å/1': 'two' });
      const since = await ask(transact([], [], [{ prefix: '', since: revision + 1 }]));
      assert.equal(Object.keys(entriesOf(since)).sort(), ['l', 'å/1']);
      const gone = await ask(transact([], [{ key: 'å/1', value: null }]));
      assert.equal(entriesOf(gone), { l: 'x' });
      const large = put('big', 'x'.repeat(2_000_000));
      assert.is((await ask(transact([], [large]))).kind, 'refused');
    }));

  test('a change may compare no more than that a key is not older, and strike all that begin so', () =>
    withEtcd(1, PLAIN, PLAIN, async ({ ask }) => {
      const made = await ask(transact([], [put('a/1', 'x'), put('a/2', 'y'), put('b', 'z')]));
      const revision = made.kind === 'transacted' ? made.revision : 0;
      const isDone = async (key: string, least: number): Promise<boolean> => {
        const compares = [{ key, revision: least, orLater: true }] as const;
        const answer = await ask(transact(compares, [], []));
        return answer.kind === 'transacted' && answer.isDone;
      };
      assert.ok(await isDone('a/1', revision));
      assert.ok(await isDone('a/1', revision - 1));
      assert.not(await isDone('a/1', revision + 1));
      assert.ok(await isDone('none', 0));
      assert.not(await isDone('none', 1));
      const struck = [{ key: 'a/', value: null, isPrefix: true }, put('b', 'w')] as const;
      assert.equal(entriesOf(await ask(transact([], struck))), { b: 'w' });
    }));

  test('it answers while a majority lives, whoever of the members is killed or paused', () =>
    withEtcd(3, PLAIN, PLAIN, async ({ etcd, ask }) => {
      for (let round = 0; round < 6; round++) {
        const member = round % 3;
        if (round < 3) await etcd.kill(member);
        else etcd.signal(member, 'SIGSTOP');
        // An election takes a second or two.
        await until(`round ${round} is answered`, async () => {
          const answer = await ask(transact([], [put(`round ${round}`, 'done')]));
          return answer.kind === 'transacted' || undefined;
        });
        // What went to a paused one may be done when it goes on: each round has its own key.
        const kept = await until(`round ${round} is read`, async () => {
          const answer = await ask(transact([], []));
          return answer.kind === 'transacted' ? entriesOf(answer) : undefined;
        });
        assert.is(kept[`round ${round}`], 'done');
        if (round < 3) await etcd.start(member);
        else etcd.signal(member, 'SIGCONT');
      }
      await etcd.kill(0);
      await etcd.kill(1);
      assert.is(
        (await ask(transact([], [put('a', 'b')]))).kind,
        'silent',
        'no majority, no answer',
      );
    }));

  test('two that were set up alike and know nothing of each other are no register', () =>
    withEtcd(1, ALIKE, PLAIN, async ({ etcd, folder, register }) => {
      const places = await loopbackPlaces(1, join(folder, 'other'));
      using other = new EtcdMembers({ places, ...ALIKE() });
      await other.startAll();
      const [one, two] = [etcd, other].map(({ urls: [url] }) => url ?? new URL(''));
      assert.ok(one && two);
      const byName = new URL(one);
      byName.hostname = 'localhost';
      const asked = (...endpoints: readonly URL[]) =>
        register({ endpoints }).ask(transact([], [put('a', 'b')]), NEVER);
      for (const answer of [await asked(one, two), await asked(two, one)]) {
        assert.is(answer.kind, 'refused');
        assert.match('sentence' in answer ? answer.sentence : '', /call themselves the same/);
      }
      assert.equal(entriesOf(await asked(one, byName)), { a: 'b' }, 'one by two names');
    }));

  test('over TLS, both must prove who they are', () => {
    const secure = (folder: string) => {
      makeCertificates(folder);
      const file = (name: string) => join(folder, name);
      const own = ['--cert-file', file('server.crt'), '--key-file', file('server.key')];
      const flags = [...own, '--client-cert-auth', '--trusted-ca-file', file('ca.pem')];
      return { isSecure: true, flags };
    };
    const trust = (folder: string) => ({
      authority: join(folder, 'ca.pem'),
      certificate: join(folder, 'member.pem'),
    });
    return withEtcd(1, secure, trust, async ({ ask, register }) => {
      assert.equal(entriesOf(await ask(transact([], [put('a', 'b')]))), { a: 'b' });
      for (const less of [{ certificate: null }, { authority: null }]) {
        const answer = await register(less).ask(transact([], [put('a', 'c')]), NEVER);
        assert.is(answer.kind, 'silent', JSON.stringify(less));
      }
      assert.equal(entriesOf(await ask(transact([], []))), { a: 'b' });
    });
  });

  test('with a password, and a token that ends, only what is the site’s own is had', () =>
    withEtcd(
      1,
      () => ({ flags: ['--auth-token-ttl', '1'] }),
      () => ({ login: { user: 'ann', password: 'secret' } }),
      async ({ etcd, ask, register }) => {
        const [url = new URL('')] = etcd.urls;
        for (const [path, body] of PASSWORDS) {
          const way = path.endsWith('grant') && path.startsWith('role') ? 'role/grant' : path;
          const post = { method: 'POST', body: JSON.stringify(body) };
          const done = await fetch(new URL(`/v3/auth/${way}`, url), post);
          assert.is(done.status, 200, `${path}: ${await done.text()}`);
        }
        assert.equal(entriesOf(await ask(transact([], [put('a', 'b')]))), { a: 'b' });
        const other = await register({ name: 'other' }).ask(transact([], [put('a', 'b')]), NEVER);
        assert.is(other.kind, 'refused');
        const stranger = register({ login: { user: 'ann', password: 'guess' } });
        assert.is((await stranger.ask(transact([], []), NEVER)).kind, 'refused');
        const nameless = register({ login: null });
        assert.is((await nameless.ask(transact([], []), NEVER)).kind, 'refused');
        // Its token has ended by then, and it is known all the same.
        await new Promise((resolve) => setTimeout(resolve, 3000));
        assert.equal(entriesOf(await ask(transact([], []))), { a: 'b' });
      },
    ));
}

test.run();
