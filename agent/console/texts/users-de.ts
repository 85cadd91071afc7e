/** The page of named users, in German. */

import type { usersEn } from './users-en.ts';

export const usersDe: Readonly<Record<keyof typeof usersEn, string>> = {
  'user.assign': 'Personen zuweisen',
  'user.names': 'Namen, einer je Zeile oder mit Kommas',
  'user.csv': 'CSV-Datei nehmen',
  'user.notUnicode':
    'Niemand wurde eingetragen: Die Datei ist nicht in UTF-8. Als „CSV UTF-8“ sichern.',
  'user.assignNow': 'Zuweisen',
  'user.assigned': '{n} zugewiesen. Jetzt sind {users} von {seats} Plätzen zugewiesen.',
  'user.recall': 'Zurücknehmen',
  'user.recall.one': 'Von {n} Person zurücknehmen',
  'user.recall.other': 'Von {n} Personen zurücknehmen',
  'user.recall.lead':
    'Ihre belegten Plätze werden zurückgenommen. Ein Computer, der nicht antwortet, behält seinen Platz, bis dessen Zeit abläuft.',
  'user.recalled': '{n} zurückgenommen.',
  'user.since': 'Zugewiesen',
  'user.where': 'Belegt auf',
  'user.waits': 'wartet: es gibt jetzt weniger Plätze',
  'user.none': 'Niemandem ist ein Platz zugewiesen.',
  'user.noLicense': 'Keine Lizenz hier gilt für benannte Personen.',
  'user.export': 'Als CSV sichern',
  'user.searchHint': 'Person, Produkt, Computer',
};
