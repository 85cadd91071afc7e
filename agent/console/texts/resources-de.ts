/** The page of resources, in German. */

import type { resourcesEn } from './resources-en.ts';

export const resourcesDe: Readonly<Record<keyof typeof resourcesEn, string>> = {
  'res.add': 'Ressourcen eintragen',
  'res.names': 'Namen, einer je Zeile oder mit Kommas',
  'res.customer': 'Kunde (kann fehlen)',
  'res.addNow': 'Eintragen',
  'res.none':
    'Keine Ressource ist eingetragen. Eine Ressource ist eine Datenbank oder ein Projekt, an das eine Lizenz gebunden sein kann.',
  'res.licenses': 'Lizenzen',
  'res.activate': 'Lizenz zum Aktivieren',
  'res.activateNow': 'Aktivieren',
  'res.remove': 'Entfernen',
  'res.remove.title': 'Die Ressource {name} entfernen?',
  'res.remove.lead':
    'Clients sehen sie nicht mehr, und ihre Lizenzen verleihen nichts, bis sie für eine andere aktiviert sind.',
  'res.done': 'Erledigt: {name}.',
};
