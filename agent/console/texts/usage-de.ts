/** What the console says of usage, in German. */

import type { usageEn } from './usage-en.ts';

export const usageDe: Readonly<Record<keyof typeof usageEn, string>> = {
  'nav.usage': 'Nutzung',
  'over.today': '{product} heute: höchstens {peak} zugleich belegt',
  'use.range': '{from} bis {to}',
  'use.span': 'Zeit',
  'use.lastDays': 'Letzte {n} Tage',
  'use.print': 'Drucken',
  'use.none':
    'Noch wurde nichts verliehen. Was von nun an verliehen wird, steht hier, 18 Monate lang.',
  'use.question': 'Brauchen wir mehr Plätze?',
  'use.need.more': 'mehr würden genutzt',
  'use.need.just': 'eben genug',
  'use.need.enough': 'genug',
  'use.need.no-limit': 'unbegrenzt',
  'use.need.no-seat': 'keine lizenziert',
  'use.answer.no-limit': 'Höchstens {peak} waren zugleich belegt.',
  'use.answer.peak': 'Höchstens {peak} von {licensed} waren zugleich belegt, am {when}.',
  'use.answer.share': 'Genutzt in {share} der Zeit.',
  'use.answer.full': 'Alle belegt in {hours} h an {days} Tagen.',
  'use.answer.denied': '{n} Anfragen fanden keinen Platz.',
  'use.answer.waited': '{n} warteten auf einen.',
  'use.peaks': 'Höchstens belegt an jedem Tag',
  'use.peaks.label': '{label}: höchstens {most} an einem Tag belegt',
  'use.deniedTimes': '{n} fanden keinen Platz',
  'use.heat': 'Auslastung nach Stunde und Wochentag',
  'use.refusals': 'Abgewiesen, und warum',
  'use.times': '{n} ×',
  'use.idle': 'Belegt, ohne genutzt zu werden',
  'use.idle.of': '{share} von {hours} h',
  'use.idle.none': 'Keine Anwendung hat einen ungenutzten Platz gemeldet.',
  'seat.idle': 'ungenutzt',
  'seat.idleFor': 'ungenutzt seit {time}',
};
