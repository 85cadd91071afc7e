/** Turns this machine into facts, on whatever system it runs. */

import { arch, env, platform } from 'node:process';
import type { HostFacts } from '../../core/host/host-facts.ts';
import { readLinuxFacts } from './linux.ts';
import { readLoaderFlag } from './loader-diagnostics.ts';
import { readWindowsFacts } from './windows.ts';

/**
 * Never rejects: what cannot be read is left out, and an unknown system gives facts that are judged
 * `unknown`. On Linux it blocks for a few milliseconds and starts no process, unless the processor's
 * own words are missing or covered.
 */
export const readHostFacts = async (): Promise<HostFacts> => {
  if (platform === 'win32') return readWindowsFacts();
  if (platform !== 'linux') return { platform, arch };
  const facts = readLinuxFacts({ root: '/', arch, environment: env });
  const doubtful =
    facts.cpu?.hypervisor_flag === undefined || facts.covered?.includes('/proc/cpuinfo') === true;
  if (arch !== 'x64' || !doubtful) return facts;
  const flag = await readLoaderFlag();
  return flag === undefined
    ? facts
    : { ...facts, cpu: { ...facts.cpu, hypervisor_flag_loader: flag } };
};
