/** The log, in German. */

import type { logEn } from './log-en.ts';

export const logDe: Readonly<Record<keyof typeof logEn, string>> = {
  'log.warnings': 'Nur Warnungen',
  'log.none': 'Nichts zu zeigen.',
  'log.time': 'Zeit',
  'log.sentence': 'Was geschah',
  'log.searchHint': 'Im Protokoll suchen',
  'log.warning': 'Warnung',
};
