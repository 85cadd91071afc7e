/** The operating system's random bytes. */

import { randomBytes } from 'node:crypto';

export type Entropy = (count: number) => Uint8Array;

export const systemEntropy: Entropy = (count) => new Uint8Array(randomBytes(count));
