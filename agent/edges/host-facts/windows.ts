/** Hardware facts of a Windows machine from its registry and its firmware's tables. */

import { arch } from 'node:process';
import { askRegistry } from '../../../protocol/node/windows-registry.ts';
import type { HostFacts } from '../../core/host/host-facts.ts';
import { joinFirmware, REGISTRY_QUESTIONS, registryToFacts } from './windows-facts.ts';
import { readFirmwareFacts } from './windows-firmware.ts';

/** Questions asked side by side. */
const ABREAST = 6;

export const readWindowsFacts = async (): Promise<HostFacts> => {
  const answers = new Map<string, string>();
  const waiting = [...REGISTRY_QUESTIONS];
  const askOn = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const answer = await askRegistry(next.words);
      if (answer !== undefined) answers.set(next.name, answer);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, askOn));
  return joinFirmware(registryToFacts(answers, arch), readFirmwareFacts());
};
