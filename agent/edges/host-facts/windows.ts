/** Hardware facts of a Windows machine, by `reg query`: bounded, timed out, as any user. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { arch, env } from 'node:process';
import type { HostFacts } from '../../core/host/host-facts.ts';
import { joinFirmware, REGISTRY_QUESTIONS, registryToFacts } from './windows-facts.ts';
import { readFirmwareFacts } from './windows-firmware.ts';

const TIMEOUT_MS = 5_000;
const ANSWER_MAX = 4_194_304;
/** Questions asked side by side. */
const ABREAST = 6;

export const readWindowsFacts = async (): Promise<HostFacts> => {
  const answers = new Map<string, string>();
  const waiting = [...REGISTRY_QUESTIONS];
  const askOn = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const answer = await ask(next.words);
      if (answer !== undefined) answers.set(next.name, answer);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, askOn));
  return joinFirmware(registryToFacts(answers, arch), readFirmwareFacts());
};

/**
 * What `reg` prints, or `undefined` when it prints nothing: the key is absent or closed. A search
 * that meets one closed key fails, and what it printed until then counts all the same.
 */
const ask = (words: readonly string[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    const program = join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'reg.exe');
    const options = {
      timeout: TIMEOUT_MS,
      maxBuffer: ANSWER_MAX,
      windowsHide: true,
      encoding: 'latin1',
    } as const;
    execFile(program, ['query', ...words], options, (_failed, output) => {
      resolve(output.trim() === '' ? undefined : output);
    });
  });
