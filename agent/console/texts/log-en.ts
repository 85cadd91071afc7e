/** The log, in English. */

export const logEn = {
  'log.warnings': 'Warnings only',
  'log.none': 'Nothing to show.',
  'log.time': 'Time',
  'log.sentence': 'What happened',
  'log.searchHint': 'Search in the log',
  'log.warning': 'Warning',
  'log.calls': 'Calls to masters',
  'log.calls.lead':
    'Where activating or refreshing fails, every call can be written down in full, without passwords, in a file of its own.',
  'log.calls.until': 'Written to {file} until {when}, without passwords.',
  'log.calls.record': 'Record for 24 hours',
  'log.calls.stop': 'Stop recording',
  'log.calls.begun': 'Calls to masters are recorded.',
  'log.calls.stopped': 'Calls to masters are not recorded any more.',
} as const;
