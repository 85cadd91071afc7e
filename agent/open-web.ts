/** Opens the web server for metrics, as the settings say. */

import type { MonitoringParts } from './admin/monitoring-routes.ts';
import { monitoringRoutes } from './admin/monitoring-routes.ts';
import { WebServer } from './admin/web-server.ts';
import type { Settings } from './settings.ts';
import { systemReason } from './system-reason.ts';

/** Without it the agent goes on, and says so. */
export const openWeb = async (
  port: Settings['console'],
  parts: MonitoringParts,
  say: (sentence: string, isWarning: boolean) => void,
): Promise<WebServer | undefined> => {
  if (port === 'off') return undefined;
  try {
    const web = await WebServer.open(port, monitoringRoutes(parts));
    say(`Metrics are at http://localhost:${web.port}/metrics.`, false);
    return web;
  } catch (error) {
    const why = systemReason(error);
    say(
      `There are no metrics and no console: TCP port ${port} cannot be used (${why}). Set another one, or off: console = PORT.`,
      true,
    );
    return undefined;
  }
};
