/** What watches over the agent asks for: metrics, whether it lives, whether it lends. */

import { assert } from '../../../protocol/result.ts';
import { reasonOf } from '../../core/activation/master-view.ts';
import type {
  LicenseView,
  Operation,
  Outcome,
  SiteView,
  StatusView,
} from '../../core/operations.ts';
import { METRICS_TYPE, type MetricsView, notReady, renderMetrics } from '../metrics.ts';
import type { Exchange } from './exchange.ts';
import type { Route } from './route.ts';

export interface MonitoringParts {
  readonly operate: (
    operation: Extract<Operation, { kind: 'status' | 'license-list' | 'site-show' }>,
  ) => Promise<Outcome>;
  readonly measure: () => Pick<MetricsView, 'commits' | 'datagrams' | 'history'>;
}

/** For programs of this computer: they cannot sign in. */
export const monitoringRoutes = (parts: MonitoringParts): readonly Route[] => [
  route('/healthz', async (exchange) => {
    const { version, masters } = await readStatus(parts);
    const silent = masters.filter(({ standing }) => standing === 'silent');
    // It lives, and lends: for how long without its masters, licenses say.
    const notes = silent.map((one) => `The master ${one.master} is silent: ${reasonOf(one)}`);
    sendText(exchange, 200, [`ok, version ${version}`, ...notes].join('\n'));
  }),
  route('/readyz', async (exchange) => {
    const reasons = notReady(await readStatus(parts));
    if (reasons.length === 0) return sendText(exchange, 200, 'ok');
    sendText(exchange, 503, reasons.join('\n'));
  }),
  route('/metrics', async (exchange) => {
    const { user, system } = process.cpuUsage();
    const body = renderMetrics({
      status: await readStatus(parts),
      licenses: await readLicenses(parts),
      site: await readSite(parts),
      ...parts.measure(),
      now: Date.now() / 1000,
      process: { resident: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 },
    });
    exchange.send(200, METRICS_TYPE, body, NOT_KEPT);
  }),
];

const NOT_KEPT = { 'cache-control': 'no-store' } as const;

const route = (path: string, answer: Route['answer']): Route => ({
  method: 'GET',
  path,
  needs: 'this computer',
  answer,
});

const sendText = (exchange: Exchange, status: number, line: string): void =>
  exchange.send(status, 'text/plain; charset=utf-8', `${line}\n`, NOT_KEPT);

const readStatus = async ({ operate }: MonitoringParts): Promise<StatusView> => {
  const outcome = await operate({ kind: 'status' });
  assert(outcome.kind === 'status', 'monitoring: a status is never refused');
  return outcome.status;
};

const readSite = async ({ operate }: MonitoringParts): Promise<SiteView | null> => {
  const outcome = await operate({ kind: 'site-show' });
  return outcome.kind === 'site-show' ? outcome.site : null;
};

const readLicenses = async ({ operate }: MonitoringParts): Promise<readonly LicenseView[]> => {
  const outcome = await operate({ kind: 'license-list' });
  return outcome.kind === 'license-list' ? outcome.licenses : [];
};
