/** What watches over the agent asks for: metrics, whether it lives, whether it lends. */

import { assert } from '../../protocol/result.ts';
import type { LicenseView, StatusView } from '../core/operations.ts';
import type { Operate } from './control-server.ts';
import { METRICS_TYPE, type MetricsView, notReady, renderMetrics } from './metrics.ts';
import { text, type WebRoute } from './web-server.ts';

export interface MonitoringParts {
  readonly operate: Operate;
  readonly measure: () => Pick<MetricsView, 'commits' | 'history'>;
}

export const monitoringRoutes = ({
  operate,
  measure,
}: MonitoringParts): ReadonlyMap<string, WebRoute> => {
  const status = async (): Promise<StatusView> => {
    const outcome = await operate({ kind: 'status' });
    assert(outcome.kind === 'status', 'monitoring: a status is never refused');
    return outcome.status;
  };
  const licenses = async (): Promise<readonly LicenseView[]> => {
    const outcome = await operate({ kind: 'license-list' });
    return outcome.kind === 'license-list' ? outcome.licenses : [];
  };
  return new Map<string, WebRoute>([
    ['/healthz', async () => text(200, `ok, version ${(await status()).version}`)],
    [
      '/readyz',
      async () => {
        const reasons = notReady(await status());
        return reasons.length === 0 ? text(200, 'ok') : text(503, reasons.join('\n'));
      },
    ],
    [
      '/metrics',
      async () => {
        const { user, system } = process.cpuUsage();
        const body = renderMetrics({
          status: await status(),
          licenses: await licenses(),
          ...measure(),
          now: Date.now() / 1000,
          process: { resident: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 },
        });
        return { status: 200, type: METRICS_TYPE, body };
      },
    ],
  ]);
};
