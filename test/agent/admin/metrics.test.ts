import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MetricsView, notReady, renderMetrics } from '../../../agent/admin/metrics.ts';
import type { SiteView, StatusView } from '../../../agent/core/operations.ts';
import { Durations } from '../../../agent/edges/history/durations.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { epochSeconds } from '../../../protocol/units.ts';
import { DeskRig } from '../core/desk-rig.ts';

const MONITORING = join(import.meta.dirname, '../../../../../../build/monitoring');

const viewOf = (desk: DeskRig, commits = new Durations()): MetricsView => ({
  status: desk.done({ kind: 'status' }).status,
  licenses: desk.done({ kind: 'license-list' }).licenses,
  site: null,
  commits: { ...commits.read(), failed: commits.failed },
  datagrams: new Durations().read(),
  history: { usageBytes: 1, auditBytes: 2 },
  now: desk.rig.wall,
  process: { resident: 3, cpuSeconds: 4 },
});

const samplesOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
  );

test('seats, refusals and ends are told by what is true', () => {
  const desk = new DeskRig();
  const pools = [{ class: 'generic', seats: 1, overdraft: 1, stages: [] }];
  const expires = epochSeconds(desk.rig.wall + 3 * 86_400);
  const id = desk.license(1, { pools, expires });
  assert.equal(
    ['ann', 'bob', 'cat'].map((user) => desk.work({ user })),
    ['granted', 'granted', 'no-seat'],
  );
  const samples = samplesOf(renderMetrics(viewOf(desk)));
  const seats = 'usher_seats{product="acme-cad",class="generic",state=';
  assert.is(samples.get(`${seats}"used"}`), '1');
  assert.is(samples.get(`${seats}"free"}`), '0');
  assert.is(samples.get(`${seats}"beyond"}`), '1');
  assert.is(samples.get('usher_refusals_total{code="no-seat"}'), '1');
  assert.is(samples.get('usher_grants_total'), '2');
  assert.is(samples.get('usher_overdrafts_total'), '1');
  assert.is(samples.get(`usher_license_days_left{license="${id}",product="acme-cad"}`), '3');
  assert.is(samples.get('usher_host_verdict{verdict="physical"}'), '1');
});

/** Of two members, and two of etcd's. */
const siteView = (here: SiteView['here'] = { isHeard: true, trouble: null }): SiteView => {
  const member = { id: 'ab', version: '1', addresses: [], port: 1, isThis: true, longest: 10 };
  const endpoint = { version: null, cluster: null, member: null, size: null, trouble: null };
  return {
    name: 'office',
    here,
    members: [
      { ...member, name: 'front', standing: 'member' as const },
      { ...member, id: 'cd', name: 'back', standing: 'dead' as const },
      { ...member, id: 'ef', name: 'gone', standing: 'forgotten' as const },
    ],
    blocks: [
      {
        license: 'l1' as LicenseId,
        class: 'generic',
        shares: [{ member: 'ab', seats: 7, wanted: 0, since: 0 }],
      },
    ],
    register: [
      { ...endpoint, url: 'http://a:1', standing: 'leader' as const, behind: 3 },
      { ...endpoint, url: 'http://b:1', standing: 'unreachable' as const, behind: null },
    ],
    trouble: null,
  };
};

test('a site is told of where there is one', () => {
  const desk = new DeskRig();
  assert.is(renderMetrics(viewOf(desk)).includes('usher_site'), false);
  const samples = samplesOf(renderMetrics({ ...viewOf(desk), site: siteView() }));
  assert.is(samples.get('usher_site_heard{site="office"}'), '1');
  assert.is(samples.get('usher_site_member{member="front",id="ab"}'), '1');
  assert.is(samples.get('usher_site_member{member="back",id="cd"}'), '0');
  assert.is(samples.get('usher_site_member{member="gone",id="ef"}'), undefined);
  const labels = 'license="l1",class="generic",member="front",id="ab"';
  assert.is(samples.get(`usher_site_seats{${labels}}`), '7');
  assert.is(samples.get('usher_site_etcd{endpoint="http://a:1"}'), '1');
  assert.is(samples.get('usher_site_etcd{endpoint="http://b:1"}'), '0');
  assert.is(samples.get('usher_site_etcd_behind{endpoint="http://a:1"}'), '3');
  const site = siteView({ isHeard: false, trouble: 'It waits.' });
  const out = samplesOf(renderMetrics({ ...viewOf(desk), site }));
  assert.is(out.get('usher_site_heard{site="office"}'), '0');
});

test('the text is OpenMetrics: each family once, with its kind, and an end', () => {
  const text = renderMetrics(viewOf(new DeskRig()));
  assert.ok(text.endsWith('# EOF\n'));
  const names = [...text.matchAll(/^# TYPE (\S+) (gauge|counter|info|histogram)$/gm)].map(
    ([, name]) => name,
  );
  assert.is(new Set(names).size, names.length);
  for (const line of text.trimEnd().split('\n')) {
    assert.match(
      line,
      /^(# (TYPE|HELP|EOF).*|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [\d.e-]+)$/,
    );
    const [name = ''] = /^[a-z_]+/.exec(line) ?? [];
    if (name === '') continue;
    const family = name.replace(/_(total|info|bucket|sum|count)$/, '');
    assert.ok(names.includes(family) || names.includes(name), line);
  }
});

test('names that clients and vendors chose cannot break a line', () => {
  const desk = new DeskRig();
  const view = viewOf(desk);
  const name = 'a"b\\c\nd';
  const text = renderMetrics({ ...view, status: { ...view.status, name } });
  assert.ok(text.includes('name="a\\"b\\\\c\\nd"'));
});

test('buckets grow to the count of all', () => {
  const commits = new Durations();
  for (const time of [0.0001, 0.003, 0.003, 99]) commits.add(time);
  commits.fail();
  const samples = samplesOf(renderMetrics(viewOf(new DeskRig(), commits)));
  const bucket = (le: string) => samples.get(`usher_store_commit_seconds_bucket{le="${le}"}`);
  assert.equal(
    [bucket('0.0005'), bucket('0.005'), bucket('5'), bucket('+Inf')],
    ['1', '3', '3', '4'],
  );
  assert.is(samples.get('usher_store_commit_seconds_count'), '4');
  assert.is(samples.get('usher_store_failures_total'), '1');
});

test('how long datagrams take is told from a twentieth of a millisecond on', () => {
  const datagrams = new Durations();
  for (const time of [0.00005, 0.00006, 0.03]) datagrams.add(time);
  const view = { ...viewOf(new DeskRig()), datagrams: datagrams.read() };
  const samples = samplesOf(renderMetrics(view));
  const bucket = (le: string) => samples.get(`usher_datagram_seconds_bucket{le="${le}"}`);
  assert.equal([bucket('0.00005'), bucket('0.0001'), bucket('0.05')], ['1', '2', '3']);
  assert.is(samples.get('usher_datagram_seconds_count'), '3');
});

test('whatever lends nothing is not ready, and says why', () => {
  const { status } = viewOf(new DeskRig());
  assert.equal(notReady(status), []);
  const bad: StatusView = {
    ...status,
    store: 'failing',
    storeTrouble: 'the disk is full',
    holdsOff: 5,
    rules: { ...status.rules, inForce: false },
    site: { isHeard: false, trouble: 'http://a:1 cannot be reached: nobody answers there.' },
  };
  assert.equal(notReady(bad).length, 4);
  assert.match(notReady(bad)[2] ?? '', /not heard by its site\. http:\/\/a:1 cannot be reached/);
  assert.equal(notReady({ ...status, site: { isHeard: true, trouble: null } }), []);
});

test('the alert rules and the dashboard name metrics that there are', () => {
  const desk = new DeskRig();
  desk.license(1, { expires: epochSeconds(desk.rig.wall + 1000) });
  desk.work({});
  desk.work({ user: 'x' }, { product: 'other' });
  const text = renderMetrics({ ...viewOf(desk), site: siteView() });
  const known = new Set([...text.matchAll(/^(?:# TYPE )?([a-z_]+)/gm)].map(([, name]) => name));
  for (const file of ['usher-alerts.yml', 'usher-dashboard.json']) {
    const named = readFileSync(join(MONITORING, file), 'utf8').match(/usher_[a-z_]+/g) ?? [];
    assert.ok(named.length > 5, file);
    for (const name of named) assert.ok(known.has(name), `${file}: ${name}`);
  }
});

test.run();
