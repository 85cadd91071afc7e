/** The log, in English. */

export const logEn = {
  'log.warnings': 'Warnings only',
  'log.none': 'Nothing to show.',
  'log.time': 'Time',
  'log.sentence': 'What happened',
  'log.searchHint': 'Search in the log',
  'log.warning': 'Warning',
} as const;
