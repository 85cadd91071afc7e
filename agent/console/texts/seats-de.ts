/** The page of seats, in German. */

import type { seatsEn } from './seats-en.ts';

export const seatsDe: Readonly<Record<keyof typeof seatsEn, string>> = {
  'seat.user': 'Person',
  'seat.host': 'Computer',
  'seat.product': 'Produkt',
  'seat.application': 'Anwendung',
  'seat.since': 'Seit',
  'seat.until': 'Bis',
  'seat.state': 'Zustand',
  'seat.held': 'belegt',
  'seat.borrowed': 'ausgeliehen',
  'seat.ending': 'endet',
  'seat.overdraft': 'über der Zahl',
  'seat.process': 'Prozess {n}',
  'seat.shown': '{shown} von {all}',
  'seat.none': 'Kein Platz ist belegt.',
  'seat.noneFits': 'Kein Platz passt dazu.',
  'seat.everyProduct': 'Jedes Produkt',
  'seat.everyState': 'Jeder Zustand',
  'seat.searchHint': 'Person, Computer, Adresse, Anwendung',
  'seat.select': '{who} auswählen',
  'seat.selectAll': 'Alle gezeigten auswählen',
  'seat.disconnect': 'Trennen',
  'seat.disconnect.one': '{n} Platz trennen',
  'seat.disconnect.other': '{n} Plätze trennen',
  'seat.disconnect.lead':
    'Die Anwendung erfährt es sofort und wird nicht geschlossen: was sie ohne Platz tut, bestimmt ihr Hersteller. Lassen Sie vorher die Arbeit sichern.',
  'seat.disconnect.silent':
    'Ein Computer, der nicht antwortet, behält seinen Platz, bis dessen Zeit abläuft, spätestens {time}.',
  'seat.disconnect.borrowed': 'Ein ausgeliehener Platz bleibt bei seinem Computer, bis er endet.',
  'seat.disconnect.force': 'Sofort wieder verleihen, auch wenn der Computer nicht antwortet',
  'seat.disconnect.forceHint':
    'Nur wenn die Anwendung dort sicher nicht läuft: sonst benutzen zwei denselben Platz.',
  'seat.freed.one': '{n} Platz ist frei.',
  'seat.freed.other': '{n} Plätze sind frei.',
  'seat.ending.one': '{n} Platz kommt zurück, sobald sein Computer davon erfährt.',
  'seat.ending.other': '{n} Plätze kommen zurück, sobald ihre Computer davon erfahren.',
};
