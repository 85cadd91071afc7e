/** The log, in German. */

import type { logEn } from './log-en.ts';

export const logDe: Readonly<Record<keyof typeof logEn, string>> = {
  'log.warnings': 'Nur Warnungen',
  'log.none': 'Nichts zu zeigen.',
  'log.time': 'Zeit',
  'log.sentence': 'Was geschah',
  'log.searchHint': 'Im Protokoll suchen',
  'log.warning': 'Warnung',
  'log.calls': 'Anrufe bei Mastern',
  'log.calls.lead':
    'Wo Aktivieren oder Auffrischen misslingt, kann jeder Anruf vollständig mitgeschrieben werden, ohne Kennwörter, in einer eigenen Datei.',
  'log.calls.until': 'In {file} bis {when}, ohne Kennwörter.',
  'log.calls.record': '24 Stunden mitschreiben',
  'log.calls.stop': 'Nicht mehr mitschreiben',
  'log.calls.begun': 'Anrufe bei Mastern werden mitgeschrieben.',
  'log.calls.stopped': 'Anrufe bei Mastern werden nicht mehr mitgeschrieben.',
};
