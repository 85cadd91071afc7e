/**
 * The hypervisor bit a second time: glibc's dynamic loader prints the processor's own answer (CPUID
 * leaf 1, ECX), whatever lies over /proc/cpuinfo. Costs a child process, so it is asked only when
 * /proc/cpuinfo does not tell or something covers it. Not on musl.
 */

import { execFile } from 'node:child_process';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const TIMEOUT_MS = 2_000;

/** Whether the processor reports a hypervisor; `undefined` when the loader cannot tell. */
export const readLoaderFlag = (): Promise<boolean | undefined> =>
  new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, maxBuffer: 1_048_576, env: {} };
    execFile(LOADER, ['--list-diagnostics'], options, (failed, output) => {
      resolve(failed ? undefined : parseLoaderDiagnostics(output));
    });
  });

/** Bit 31 of `…features[0x0].cpuid[0x2]` (register ECX of leaf 1). */
export const parseLoaderDiagnostics = (text: string): boolean | undefined => {
  const found = /^x86\.cpu_features\.features\[0x0\]\.cpuid\[0x2\]=0x([0-9a-f]{1,8})$/m.exec(text);
  return found === null ? undefined : Number.parseInt(found[1] ?? '0', 16) >= 0x8000_0000;
};
