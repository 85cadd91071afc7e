/** Everything that is fuzzed. */

import type { Target } from '../target.ts';
import { activation, hostCode, proof } from './activation.ts';
import { dns } from './dns.ts';
import { httpBody } from './http.ts';
import { license, licenseBlock } from './license.ts';
import { message } from './message.ts';
import { packet } from './packet.ts';
import { clientSettings, rules, settings } from './settings.ts';
import { traffic } from './traffic.ts';

export const TARGETS: readonly Target[] = [
  packet,
  message,
  traffic,
  licenseBlock,
  license,
  activation,
  proof,
  hostCode,
  settings,
  clientSettings,
  rules,
  httpBody,
  dns,
];
