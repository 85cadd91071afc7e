import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { AgentKey } from '../../agent/edges/agent-key.ts';
import { DataFolder } from '../../agent/edges/data-folder.ts';
import { systemSeals } from '../../agent/edges/system-seals.ts';
import { agentSigningKeys, openBorrowToken, signBorrowToken } from '../../protocol/borrow-token.ts';
import { makeHostCode } from '../../protocol/host-code.ts';
import type { License } from '../../protocol/license.ts';
import { BorrowStore, type StoredSeat } from '../../protocol/node/borrow-store.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { DAY } from './vendor.ts';

const oneSeat: Partial<License> = {
  pools: [poolOf(1)],
  borrow: { seats: 1, longest: seconds(30 * DAY) },
};
const borrowFor = (days: number): readonly string[] => [
  'borrow',
  '--product',
  'acme-cad',
  '--days',
  `${days}`,
];

interface Listed {
  readonly id: string;
  readonly until: string;
  readonly state: string;
  readonly fault: { readonly code: string } | null;
}

const listed = (site: Site): Promise<readonly Listed[]> => site.json('borrow', '--list');

const stored = (site: Site): StoredSeat => {
  const store = new BorrowStore(join(site.home, 'state', 'usher', 'borrowed'));
  const [seat] = store.list().seats;
  if (seat === undefined) throw new Error('No seat is borrowed.');
  return seat;
};

story('a borrowed seat is used with no agent in reach, by one process at a time', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(oneSeat);
  const borrowed = await site.usher(...borrowFor(7));
  assert.is(borrowed.code, 0, borrowed.stderr);
  assert.match(borrowed.stdout, /^Seat \S+ of acme-cad is borrowed until /);
  agent.kill('SIGTERM');
  await agent.gone;

  const worker = await site.work();
  const second = await site.tryToWork('--patience', '0.3');
  assert.is(second.code, 1);
  assert.match(second.stderr, /The borrowed seat is in use by an application on this computer\./);
  const returned = await site.usher('return', '--product', 'acme-cad');
  assert.match(returned.stderr, /is in use by an application/);
  assert.is(await goHome(worker), 0);
  assert.is((await site.tryToWork()).code, 0);
});

story('what a host shares, its processes share while it is borrowed', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense({ ...oneSeat, counting: 'host' });
  assert.is((await site.usher(...borrowFor(1))).code, 0);
  agent.kill('SIGKILL');
  await agent.gone;
  await site.work();
  assert.is((await site.tryToWork()).code, 0);
});

story('on another computer a borrowed seat is refused, and what differs is said', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(oneSeat);
  await site.usher(...borrowFor(1));
  agent.kill('SIGTERM');
  await agent.gone;
  const seat = stored(site);
  const { borrowing } = seat.record;
  const opened = borrowing && openBorrowToken(borrowing.token, nativePrimitives);
  if (!opened?.ok) throw new Error('The token cannot be read.');
  const key = await AgentKey.read(
    join(site.data, 'agent.key'),
    systemSeals(new DataFolder(site.data)),
  );
  if (key === undefined) throw new Error('The key cannot be read.');
  const { secret } = key;
  const elsewhere = [{ kind: 'machine-id', value: 'ffeeddccbbaa00112233445566778899' }] as const;
  const hostCode = makeHostCode(elsewhere, nativePrimitives.sha512);
  const keys = agentSigningKeys(secret, nativePrimitives);
  const token = signBorrowToken({ ...opened.value.token, hostCode }, keys, nativePrimitives);
  seat.change({ borrowing: { ...borrowing, token } as typeof borrowing });

  const refused = await site.tryToWork('--patience', '0.3');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /was borrowed on another computer \(what differs: system/);
  const [one] = await listed(site);
  assert.is(one?.fault?.code, 'borrowed-other-host');
});

story('an early return frees the seat at once', async () => {
  await using site = await Site.lending(oneSeat);
  await site.usher(...borrowFor(7));
  assert.is((await site.seats()).length, 1);
  const returned = await site.usher('return', '--product', 'acme-cad');
  assert.is(returned.code, 0, returned.stderr);
  assert.match(returned.stdout, /^Seat \S+ of acme-cad is given back\.\n$/);
  assert.equal(await site.seats(), []);
  assert.equal(await listed(site), []);
  assert.is((await site.usher('return', '--product', 'acme-cad')).code, 1);
});

story('a seat is extended while it is borrowed, and stays the same one', async () => {
  await using site = await Site.lending(oneSeat);
  await site.usher(...borrowFor(1));
  const [before] = await listed(site);
  assert.is((await site.usher(...borrowFor(9))).code, 0);
  const [after, ...others] = await listed(site);
  assert.is(others.length, 0);
  assert.is(after?.id, before?.id);
  const grown = Date.parse(after?.until ?? '') - Date.parse(before?.until ?? '');
  assert.ok(grown > 7.9 * DAY * 1000, `${grown} ms`);
  assert.is((await site.seats()).length, 1);
  const tooLong = await site.usher(...borrowFor(31));
  assert.is(tooLong.code, 1);
  assert.match(tooLong.stderr, /may not be borrowed for so long/);
  assert.is((await listed(site))[0]?.until, after?.until);
});

story('a return while the agent is away is believed at once and told when it is back', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(oneSeat);
  await site.usher(...borrowFor(7));
  agent.kill('SIGKILL');
  await agent.gone;
  const returned = await site.usher('return', '--product', 'acme-cad', '--patience', '0.5');
  assert.is(returned.code, 3);
  assert.match(returned.stdout, /is not used any more; its agent is told when it can be reached/);
  assert.is((await site.tryToWork('--patience', '0.3')).code, 3);
  assert.is((await listed(site))[0]?.state, 'returning');
  await site.serve();
  assert.is((await site.seats()).length, 1);
  await site.usher('borrow', '--list');
  assert.equal(await site.seats(), []);
  assert.equal(await listed(site), []);
});

story('a borrowed seat survives the replacement of its agent by a copy elsewhere', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(oneSeat);
  await site.usher(...borrowFor(1));
  agent.kill('SIGKILL');
  await agent.gone;
  const port = site.port;
  await cp(site.data, site.file('copy'), {
    recursive: true,
    filter: (source) => !/control\.sock|agent\.pid/.test(source),
  });
  await site.serve('--data', site.file('copy'), '--port', '0');
  assert.is.not(site.port, port);
  assert.is((await site.usher(...borrowFor(3))).code, 0, 'extended by the copy');
  assert.is((await site.usher('return', '--product', 'acme-cad')).code, 0);
});

story('only as many seats as the license says are borrowed, and for as long', async () => {
  await using site = await Site.lending({ ...oneSeat, pools: [poolOf(3)] });
  const tooLong = await site.usher(...borrowFor(31));
  assert.is(tooLong.code, 1);
  assert.match(tooLong.stderr, /may not be borrowed for so long/);
  assert.equal(await site.seats(), [], 'what was taken for it is free again');
  assert.equal(await listed(site), []);
  await site.usher(...borrowFor(1));
  const env = { XDG_STATE_HOME: site.file('another-user') };
  const another = await site.start(borrowFor(1), { env }).ending();
  assert.is(another.code, 1);
  assert.match(another.stderr, /As many seats as may be borrowed are borrowed already/);
});

story('a license without borrowing says so', async () => {
  await using site = await Site.lending({});
  const refused = await site.usher(...borrowFor(1));
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /may not be borrowed/);
});

story(
  'an administrator recalls a borrowed seat: it is not extended, and ends in time',
  async () => {
    await using site = await Site.lending(oneSeat);
    await site.usher(...borrowFor(1));
    const [seat] = await site.seats();
    await site.usher('seat', 'disconnect', seat?.id ?? '');
    assert.is((await site.seats()).length, 1, 'it is away until its end');
    assert.is((await site.usher(...borrowFor(5))).code, 1);
    assert.is((await site.tryToWork()).code, 0, 'it is believed until its end');
    assert.is((await site.usher('return', '--product', 'acme-cad')).code, 0);
    assert.equal(await site.seats(), []);
  },
);

tellStories();
