import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { HostShown } from '../../agent/cli/host-text.ts';
import { AgentKey } from '../../agent/edges/agent-key.ts';
import { type BackupHead, readBackup, writeBackup } from '../../agent/edges/backup-format.ts';
import { DataFolder } from '../../agent/edges/data-folder.ts';
import type { StoreEntry } from '../../agent/edges/store-reading.ts';
import { systemSeals } from '../../agent/edges/system-seals.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import {
  hostCodeToText,
  keyHostCode,
  makeHostCode,
  parseHostCode,
} from '../../protocol/host-code.ts';
import { HOST_KINDS, type HostComponent } from '../../protocol/host-component.ts';
import { readHostComponents } from '../../protocol/node/host-components.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import type { Running } from './program.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const { sha512 } = nativePrimitives;
const SHORT = { term: seconds(10) };

const stop = async (agent: Running): Promise<void> => {
  agent.kill('SIGTERM');
  assert.is((await agent.ending()).code, 0);
};

/** A computer that shares the system installation with this one, as after the disk was copied. */
const elsewhere = async (): Promise<readonly HostComponent[]> => {
  const own = await readHostComponents();
  const kept = own.filter(({ kind }) => kind === 'machine-id');
  return [
    ...kept,
    { kind: 'system', value: 'of another computer' },
    { kind: 'mac', value: '04d4c4010203' },
    { kind: 'disk', value: 'of another computer' },
  ];
};

const keyFile = (site: Site): string => join(site.data, 'agent.key');

const secretOf = async (site: Site): Promise<string> => {
  const key = await AgentKey.read(keyFile(site), systemSeals(new DataFolder(site.data)));
  if (key === undefined) throw new Error('The key cannot be read.');
  return bytesToHex(key.secret);
};

/** The folder of an agent that has run elsewhere, copied here. */
const pretendCopied = async (site: Site): Promise<void> => {
  const key = await AgentKey.open(
    keyFile(site),
    systemSeals(new DataFolder(site.data)),
    () => new Uint8Array(32),
  );
  const { publicKey } = nativePrimitives.agreementKeys(key.secret);
  const code = keyHostCode(makeHostCode(await elsewhere(), sha512), publicKey, sha512);
  const parsed = parseHostCode(code);
  const seen = epochSeconds(Math.floor(Date.now() / 1000));
  const parts = parsed.ok ? parsed.value.map(({ entry }) => ({ entry, seen })) : [];
  await key.keep({ parts, accepted: [] });
};

story('a copied data folder lends nothing on another computer before it is adopted', async () => {
  await using site = await Site.open();
  const first = await site.serve();
  await site.addLicense(SHORT);
  assert.is((await site.status()).hostIdentity, 'own');
  assert.is((await site.tryToWork()).code, 0);
  const atHome = await site.usher('host', 'adopt');
  assert.is(atHome.code, 1);
  assert.match(atHome.stderr, /An agent runs on/);
  await stop(first);
  const former = await secretOf(site);
  assert.match((await site.usher('host', 'adopt')).stderr, /own computer: nothing was done/);

  await pretendCopied(site);
  const copy = await site.serve();
  await copy.saying(/another computer than this agent's \(.*disk.* differ\)/);
  const status = await site.usher('status');
  assert.match(status.stdout, /Host .*not this agent's own/);
  const [license] = await site.licenses();
  assert.is(license?.state, 'wrong-host');
  const shown = await site.usher('license', 'show', license?.id ?? '');
  assert.match(shown.stdout, /The whole agent belongs to another computer: .*disk/);
  const refused = await site.tryToWork();
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /bound to another computer/);
  const hardware = await site.usher('hardware');
  assert.match(hardware.stdout, /This is another computer than the agent's/);
  assert.match(hardware.stdout, /disk +2 +yes +differs/);
  const added = await site.usherWith(site.vendor.issue(), 'license', 'add', '-');
  assert.match(added.stdout, /wrong-host\./, 'a new license helps nobody');
  await stop(copy);

  const adopted = await site.usher('host', 'adopt', '--lend-at-once');
  assert.is(adopted.code, 0, adopted.stderr);
  assert.match(adopted.stdout, /The former key is in \S+agent\.key\.before-/);
  await site.serve();
  assert.not.equal(await secretOf(site), former);
  assert.equal(
    (await site.licenses()).map(({ state }) => state),
    ['active', 'active'],
  );
  assert.is((await site.tryToWork()).code, 0);
  const audit = await site.usher('audit', 'verify');
  assert.is(audit.code, 0, audit.stdout);
  assert.match((await site.usher('audit', 'show')).stdout, /audit-taken-over/);
});

story('after adopting, nobody is lent a seat that the former agent may have lent', async () => {
  await using site = await Site.open();
  const first = await site.serve();
  await site.addLicense(SHORT);
  await stop(first);
  await pretendCopied(site);
  assert.is((await site.usher('host', 'adopt')).code, 0);
  await site.serve();
  const refused = await site.tryToWork('--patience', '0.3');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /may have forgotten seats/);
});

/** The same backup, made on another computer. */
const fromElsewhere = async (site: Site, from: string, to: string): Promise<void> => {
  const files = new Map<string, Uint8Array>();
  const entries: StoreEntry[] = [];
  let head: BackupHead | undefined;
  for await (const record of readBackup(createReadStream(site.file(from)))) {
    if (record.kind === 'head') head = record.head;
    else if (record.kind === 'file') files.set(record.name, record.bytes);
    else entries.push(record.entry);
  }
  if (head === undefined) throw new Error('The backup has no head.');
  const hostCode = makeHostCode(await elsewhere(), sha512);
  const all = (async function* () {
    yield entries;
  })();
  await writeFile(site.file(to), writeBackup({ ...head, hostCode }, files, all));
};

story(
  'a backup that is restored on another computer goes on there, but for what is bound',
  async () => {
    await using site = await Site.open();
    await stop(await site.serve());
    // An agent of the other computer, which makes its backup there.
    await pretendCopied(site);
    const there = await site.serve();
    const hostCode = makeHostCode(await elsewhere(), sha512);
    await site.addLicense(SHORT);
    await site.addLicense({ ...SHORT, hostCode });
    const former = await secretOf(site);
    const made = await site.usher('backup', 'all.backup');
    assert.is(made.code, 0, made.stderr);
    await stop(there);
    await fromElsewhere(site, 'all.backup', 'moved.backup');

    const refused = await site.usher('restore', 'moved.backup');
    assert.is(refused.code, 1);
    assert.match(refused.stderr, /of another computer: nothing was done/);
    const restored = await site.usher('restore', 'moved.backup', '--other-host', '--lend-at-once');
    assert.is(restored.code, 0, restored.stderr);
    assert.match(restored.stdout, /bound to the first lend nothing here/);
    await site.serve();
    assert.is(await secretOf(site), former, 'the same agent');
    assert.is((await site.status()).hostIdentity, 'own');
    const states = (await site.licenses()).map(({ state }) => state).sort();
    assert.equal(states, ['active', 'wrong-host']);
    assert.is((await site.tryToWork()).code, 0);
  },
);

story('a new network card or a re-installed system is the same computer', async () => {
  await using site = await Site.open();
  const first = await site.serve();
  await site.addLicense(SHORT);
  const worker = await site.work();
  await stop(first);
  const key = await AgentKey.open(
    keyFile(site),
    systemSeals(new DataFolder(site.data)),
    () => new Uint8Array(32),
  );
  const { publicKey } = nativePrimitives.agreementKeys(key.secret);
  const own = await readHostComponents();
  // What it knows from before: another system installation.
  const before = own.map((one) =>
    one.kind === 'machine-id' ? { ...one, value: 'of the system before' } : one,
  );
  const parsed = parseHostCode(keyHostCode(makeHostCode(before, sha512), publicKey, sha512));
  const parts = parsed.ok
    ? parsed.value.map(({ entry }) => ({ entry, seen: epochSeconds(0) }))
    : [];
  await key.keep({ parts, accepted: [] });
  const again = await site.serve();
  await again.saying(/Parts of this computer have changed \(.*system installation/);
  assert.is((await site.status()).hostIdentity, 'own');
  assert.is((await site.tryToWork()).code, 0);
  assert.is(await goHome(worker), 0, 'who worked has gone on');
  await stop(again);
  const kept = await AgentKey.read(keyFile(site), systemSeals(new DataFolder(site.data)));
  assert.ok((kept?.identity?.parts.length ?? 0) > 0);
  assert.not.equal(kept?.identity?.parts, parts, 'the set is the one of today');
});

const TYPES = [['floating', '--seats', '3'], ['named', '--seats', '3'], ['server']] as const;

for (const [type, ...terms] of TYPES) {
  story(`a ${type} license that is issued for a host code needs no activation there`, async () => {
    await using site = await Site.open();
    await site.serve();
    const issue = async (code: string): Promise<string> => {
      const about = ['--product', 'acme-cad', '--customer', 'Bauhaus Ltd', '--type', type];
      const hosts = ['--allow-virtual', '--container', 'allow', '--allow-unknown'];
      const words = [...about, ...terms, ...hosts, '--host-code', code];
      const issued = await site.usher('vendor', 'issue', '--key', 'v.key', ...words);
      assert.is(issued.code, 0, issued.stderr);
      return issued.stdout;
    };
    const keygen = await site.usher('vendor', 'keygen', '--out', 'v.key');
    assert.is(keygen.code, 0, keygen.stderr);
    const own = (await site.usher('hardware', '--host-code')).stdout;
    const other = hostCodeToText(makeHostCode(await elsewhere(), sha512), sha512);

    const wrong = await site.usherWith(await issue(other), 'license', 'add', '-');
    assert.is(wrong.code, 0, wrong.stderr);
    assert.match(wrong.stdout, /wrong-host\. The license is bound to another computer/);
    assert.match(
      wrong.stdout,
      /It is signed for another computer: maker's number, disk and network port differ\./,
    );
    const list = await site.usher('license', 'list');
    assert.match(list.stdout, /lends nothing: this is another computer\..* disk and network port/);

    const right = await site.usherWith(await issue(own), 'license', 'add', '-');
    assert.match(right.stdout, /, active\.\n$/);
    assert.equal(
      (await site.licenses()).map(({ state }) => state),
      ['wrong-host', 'active'],
    );
    if (type === 'floating') assert.is((await site.tryToWork()).code, 0);
  });
}

story('the parts by which a computer is told are shown, and none of their values', async () => {
  await using site = await Site.open();
  const unasked = await site.json<{ identity: HostShown }>('hardware');
  assert.is(unasked.identity.standing, null);
  await site.serve();
  const { stdout } = await site.usher('hardware');
  assert.match(stdout, /This is the agent's own computer\.\nCOMPONENT +WEIGHT +STRONG/);
  const asked = await site.json<{ identity: HostShown; verdict: string }>('hardware');
  assert.is(asked.identity.standing, 'own');
  assert.ok(asked.identity.components.every(({ matched }) => matched === true));
  for (const { kind, value } of await readHostComponents()) {
    assert.ok(stdout.includes(HOST_KINDS[kind].title), kind);
    // The makers of processor and board are in the verdict's evidence.
    if (HOST_KINDS[kind].strong) assert.not.ok(JSON.stringify(asked.identity).includes(value));
  }
  const kept = await readFile(keyFile(site), 'latin1');
  for (const { value } of await readHostComponents()) assert.not.ok(kept.includes(value));
});

story('a host code for one vendor says nothing to another', async () => {
  await using site = await Site.open();
  const [one, other] = [site.vendor.key, 'A'.repeat(43)];
  const codes = await Promise.all([
    site.usher('hardware', '--host-code'),
    site.usher('hardware', '--host-code', '--vendor', one),
    site.usher('hardware', '--host-code', '--vendor', other),
  ]);
  for (const { code, stderr } of codes) assert.is(code, 0, stderr);
  assert.is(new Set(codes.map(({ stdout }) => stdout)).size, 3);
  const wrong = await site.usher('hardware', '--host-code', '--vendor', 'acme');
  assert.is(wrong.code, 2);
  assert.is((await site.usher('hardware', '--vendor', one)).code, 2);
});

story('a key that was cut is not replaced, and one of before is taken up', async () => {
  await using site = await Site.open();
  const first = await site.serve();
  await site.addLicense(SHORT);
  await stop(first);
  const secret = await secretOf(site);
  await writeFile(keyFile(site), Buffer.from(secret, 'hex'));
  await site.serve();
  assert.is((await site.status()).hostIdentity, 'own');
  assert.is(await secretOf(site), secret);
});

tellStories();
