import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const addressOf = async (site: Site): Promise<string> => {
  const agent = await site.serve('--console', '0');
  const [, address = ''] = await agent.saying(/Console on (http:\/\/localhost:\d+)\//);
  return address.replace('localhost', '127.0.0.1');
};

story('S7: metrics, health and readiness are served on this computer', async () => {
  await using site = await Site.open();
  const address = await addressOf(site);
  await site.addLicense();
  await site.work();
  const metrics = await fetch(`${address}/metrics`);
  assert.match(metrics.headers.get('content-type') ?? '', /openmetrics-text/);
  const text = await metrics.text();
  assert.match(text, /^usher_seats\{product="acme-cad",class="generic",state="used"\} 1$/m);
  assert.match(text, /^usher_store_commit_seconds_count [1-9]/m);
  assert.match(text, /^usher_datagram_seconds_count [1-9]/m);
  assert.is((await fetch(`${address}/healthz`)).status, 200);
  assert.is((await fetch(`${address}/readyz`)).status, 200);
});

story('S7: where the port is taken the agent says so and goes on', async () => {
  await using first = await Site.open();
  const { port } = new URL(await addressOf(first));
  await using second = await Site.open();
  const agent = await second.serve('--console', port);
  await agent.saying(
    /Warning: There is no console, and there are no metrics: TCP port \d+ is in use\./,
  );
  await second.addLicense();
  assert.is((await second.tryToWork()).code, 0);
  const bad = await second.usher('serve', '--console', 'on');
  assert.is(bad.code, 2);
  assert.match(bad.stderr, /--console is a port, an IP address with a port, or off, not "on"/);
});

/** A file of build/monitoring, and the names of metrics in it. */
const askedFor = async (file: string) => {
  const text = await readFile(`build/monitoring/${file}`, 'utf8');
  return { text, names: new Set(text.match(/\busher_[a-z_]+/g)) };
};

/** By what a family's samples are called. */
const sampleNames = (name: string, kind: string): readonly string[] => {
  switch (kind) {
    case 'counter':
      return [`${name}_total`];
    case 'histogram':
      return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
    case 'info':
      return [`${name}_info`];
    default:
      return [name];
  }
};

story('S7: the dashboard and the alert rules ask for metrics that there are', async () => {
  await using site = await Site.open();
  const address = await addressOf(site);
  const metrics = await (await fetch(`${address}/metrics`)).text();
  const families = [...metrics.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  const samples = new Set(families.flatMap(([, name = '', kind = '']) => sampleNames(name, kind)));
  assert.ok(samples.size > 20, metrics);
  for (const file of ['usher-dashboard.json', 'usher-alerts.yml']) {
    const { names } = await askedFor(file);
    assert.ok(names.size > 5, file);
    // A member of a site has more: test/agent/admin/metrics.test.ts.
    const common = [...names].filter((name) => !name.startsWith('usher_site_'));
    for (const name of common) assert.ok(samples.has(name), `${file}: ${name}`);
  }
  const { text } = await askedFor('usher-dashboard.json');
  const { panels, title } = JSON.parse(text) as {
    title: string;
    panels: { id: number; title: string; targets?: { expr: string }[] }[];
  };
  assert.ok(title !== '' && panels.length > 3);
  assert.is(new Set(panels.map(({ id }) => id)).size, panels.length, 'each panel has its own id');
  for (const { targets = [] } of panels) for (const { expr } of targets) assertBalanced(expr);
  const { text: rules } = await askedFor('usher-alerts.yml');
  const alerts = rules.split(/^ {6}- alert: /m).slice(1);
  assert.ok(alerts.length > 8);
  for (const alert of alerts) {
    const [, expr = ''] = /^ {8}expr: (.+)$/m.exec(alert) ?? [];
    assertBalanced(expr);
    assert.match(alert, /^ {8}labels: \{ severity: (critical|warning|info) \}$/m);
    assert.match(alert, /^ {10}summary: \S/m);
  }
});

/** Brackets and quotes that close: what PromQL would stumble over first. */
const assertBalanced = (expr: string): void => {
  assert.is.not(expr, '');
  const bare = expr.replaceAll(/"[^"]*"/g, '');
  assert.not.match(bare, '"', expr);
  for (const [open, close] of ['()', '{}', '[]'].map((pair) => [...pair] as [string, string])) {
    assert.is(bare.split(open).length, bare.split(close).length, expr);
  }
};

tellStories();
