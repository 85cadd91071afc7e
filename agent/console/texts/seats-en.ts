/** The page of seats, in English. */

export const seatsEn = {
  'seat.user': 'User',
  'seat.host': 'Computer',
  'seat.product': 'Product',
  'seat.application': 'Application',
  'seat.since': 'Since',
  'seat.until': 'Until',
  'seat.state': 'State',
  'seat.held': 'in use',
  'seat.borrowed': 'borrowed',
  'seat.ending': 'ending',
  'seat.overdraft': 'beyond the count',
  'seat.process': 'process {n}',
  'seat.shown': '{shown} of {all}',
  'seat.none': 'No seat is in use.',
  'seat.noneFits': 'No seat fits.',
  'seat.everyProduct': 'Every product',
  'seat.everyState': 'Every state',
  'seat.searchHint': 'User, computer, address, application',
  'seat.select': 'Select {who}',
  'seat.selectAll': 'Select all that are shown',
  'seat.disconnect': 'Disconnect',
  'seat.disconnect.one': 'Disconnect {n} seat',
  'seat.disconnect.other': 'Disconnect {n} seats',
  'seat.disconnect.lead':
    'The application is told at once, and is not closed: what it does without a seat is its vendor’s choice. Have your colleagues save their work first.',
  'seat.disconnect.silent':
    'A computer that does not answer keeps its seat until its time runs out, at {time} at the latest.',
  'seat.disconnect.borrowed': 'A borrowed seat stays with its computer until it has ended.',
  'seat.disconnect.force': 'Lend it again at once, although its computer does not answer',
  'seat.disconnect.forceHint':
    'Only if the application certainly does not run there: else two would use one seat.',
  'seat.freed.one': '{n} seat is free.',
  'seat.freed.other': '{n} seats are free.',
  'seat.ending.one': '{n} seat comes back when its computer hears of it.',
  'seat.ending.other': '{n} seats come back when their computers hear of it.',
} as const;
