/** The master's composition root: makes its edges, joins them to the core, takes them apart again. */

import { createSystemClock, timerMs } from '../protocol/node/clock.ts';
import { pageFiles, pageRoutes } from './admin/web/page-assets.ts';
import { isLoopback } from './admin/web/visitor-checks.ts';
import { DataFolder } from './edges/data-folder.ts';
import { openMaster } from './open-master.ts';
import { systemReason } from './system-reason.ts';
import { UsherError } from './usher-error.ts';
import type { MasterDriver } from './vendor/master-driver.ts';
import type { VendorSigner } from './vendor/vendor-key.ts';
import { DoorKeeper } from './vendor/web/door-keeper.ts';
import { MasterRoutes } from './vendor/web/master-routes.ts';
import { MasterServer } from './vendor/web/master-server.ts';
import { PageVisitors } from './vendor/web/page-visitor.ts';

export interface MasterSurroundings {
  readonly folder: string;
  readonly signer: VendorSigner;
  readonly address: string;
  /** 0 for one that the system chooses. */
  readonly port: number;
  /** Certificate and key in PEM. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** Under which its pages are reached, beside those in the certificate. */
  readonly names: readonly string[];
  /** Whether agents are activated only for who has signed in. */
  readonly needsSignIn: boolean;
  /** The folder is a backup: what happened since is forgotten. */
  readonly isRestored: boolean;
  /** Takes one line for the log. */
  readonly say: (sentence: string) => void;
}

export interface RunningMaster extends AsyncDisposable {
  readonly port: number;
}

/** Seconds for which a master may have been away before it doubts its clock: 45 days. */
const AWAY_MAX = 45 * 86_400;
/** Milliseconds between looks at the date, so that it is written down where nothing happens. */
const TICK_MS = 3_600_000;

/** Opens a master. Codes: those of its store, PORT_TAKEN, ADDRESS_UNUSABLE. */
export const startMaster = async (around: MasterSurroundings): Promise<RunningMaster> => {
  const { signer, say, address, tls } = around;
  const folder = new DataFolder(around.folder);
  const clock = createSystemClock();
  const closers: (() => Promise<void>)[] = [];
  const use = <T extends AsyncDisposable>(one: T): T => {
    closers.unshift(async () => one[Symbol.asyncDispose]());
    return one;
  };
  const close = async (): Promise<void> => {
    for (const one of closers.splice(0)) await one();
  };
  try {
    const opened = await openMaster({
      folder,
      keys: signer.keys,
      clock,
      away: AWAY_MAX,
      say,
    });
    const { master, driver } = use(opened);
    await folder.claim(process.pid);
    closers.unshift(() => folder.unclaim());
    if (around.isRestored) await driver.keep(master.wasRestored(clock.now()));
    const { trouble } = master.status(clock.now());
    if (trouble !== null) say(trouble);
    use(ticking(driver));
    const door = new DoorKeeper(master, timerMs);
    const routes = new MasterRoutes({
      driver,
      door,
      root: signer.root,
      needsSignIn: around.needsSignIn,
      pages: pageRoutes(pageFiles('master')),
      visitors: new PageVisitors(around.names, tls?.cert),
      now: timerMs,
      say,
    });
    use(await MasterServer.open({ routes, at: { path: folder.controlPath } }));
    const server = await openServer(routes, around);
    use(server);
    if (tls === undefined && !isLoopback(address)) {
      say(
        'Without --tls only agents are answered over the network, and passwords of theirs can be overheard.',
      );
    }
    return { port: server.port, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
};

const ticking = (driver: MasterDriver): AsyncDisposable => {
  void driver.tick();
  const timer = setInterval(() => void driver.tick(), TICK_MS);
  timer.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await driver.tick();
    },
  };
};

const openServer = async (
  routes: MasterRoutes,
  { address, port, tls }: MasterSurroundings,
): Promise<MasterServer> => {
  try {
    return await MasterServer.open({ routes, at: { host: address, port }, tls });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      const sentence = `TCP port ${port} is in use, maybe by an agent's console: choose another with --port.`;
      throw new UsherError('PORT_TAKEN', sentence, error);
    }
    const sentence = `The master cannot listen on ${address}: ${systemReason(error)}.`;
    throw new UsherError('ADDRESS_UNUSABLE', sentence, error);
  }
};
