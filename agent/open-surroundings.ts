/** What stands around the agent on its computer: whether it starts at boot, what the firewall lets in. */

import { missingInterfaces } from '../protocol/node/interfaces.ts';
import type { BootView, FirewallView, SurroundingsView, Untold } from './admin/web/service-view.ts';
import type { Settings } from './settings.ts';
import { UsherError } from './usher-error.ts';

/** Milliseconds for which an answer holds: each asks programs of the system. */
const HOLDS_MS = 15_000;

/** A view of the surroundings, found out when it is asked for and not more often than it may change. */
export const openSurroundings = (
  settings: Settings,
  udpPort: number,
  now: () => number,
): (() => Promise<SurroundingsView>) => {
  let known: Promise<SurroundingsView> | undefined;
  let knownAt = 0;
  return () => {
    if (known === undefined || now() - knownAt > HOLDS_MS) {
      knownAt = now();
      known = look(settings, udpPort);
    }
    return known;
  };
};

const look = async (settings: Settings, udpPort: number): Promise<SurroundingsView> => {
  const [boot, firewall] = await Promise.all([
    orWhy(lookAtBoot),
    orWhy(() => lookAtFirewall(settings, udpPort)),
  ]);
  return { boot, firewall };
};

/** What cannot be told is said why. */
const orWhy = async <T>(find: () => Promise<T>): Promise<T | Untold> => {
  try {
    return await find();
  } catch (error) {
    if (error instanceof UsherError) return { why: error.message };
    throw error;
  }
};

const lookAtBoot = async (): Promise<BootView> => {
  // Loaded when somebody looks: an agent that nobody looks at needs none of it.
  const { openServiceManager } = await import('./service/open-service-manager.ts');
  const { state, startsAtBoot, detail } = await openServiceManager().status();
  return { isInstalled: state !== 'not-installed', startsAtBoot, detail };
};

const lookAtFirewall = async (
  { interfaces, console }: Settings,
  port: number,
): Promise<FirewallView> => {
  const [{ surveyFirewall }, { localNetworks, outerInterfaces }] = await Promise.all([
    import('./service/firewall/system-firewall.ts'),
    import('./service/firewall/scope.ts'),
  ]);
  const used = interfaces?.filter((name) => missingInterfaces([name]).length === 0) ?? null;
  const isOpenConsole = console !== null && console.address !== null;
  const { state, isOpen, warnings } = await surveyFirewall({
    port,
    consolePort: isOpenConsole ? console.port : null,
    networks: localNetworks(used),
    isLocal: true,
    withPublic: false,
    interfaces: outerInterfaces(used),
    program: process.execPath,
  });
  return { state, isOpen, warnings };
};
