/** What the console says of child licenses, in German. */

import type { childrenEn } from './children-en.ts';

export const childrenDe: Readonly<Record<keyof typeof childrenEn, string>> = {
  'nav.children': 'Unterlizenzen',
  'child.create': 'Unterlizenz erstellen',
  'child.createNow': 'Erstellen und sichern',
  'child.change': 'Ändern',
  'child.client': 'Kunde',
  'child.last': 'Letzter Tag (kann fehlen)',
  'child.longest': 'Längste Sitzung in Sekunden (kann fehlen)',
  'child.most': 'Darf selbst Unterlizenzen erstellen (Anzahl)',
  'child.parent': 'Wo sein Server diesen erreicht',
  'child.alone': 'Für einen Server, der sich nicht meldet',
  'child.hostCode': 'Host-Code seines Computers',
  'child.silent': 'Er meldet sich nie: er lebt bis zu seinem letzten Tag',
  'child.noLicense': 'Keine Lizenz hier erlaubt Unterlizenzen.',
  'child.none': 'Kein Server eines Kunden hat Plätze von Lizenzen hier.',
  'child.state.active': 'aktiv',
  'child.state.suspended': 'ausgesetzt',
  'child.state.removed': 'entfernt',
  'child.underWay': 'Änderung unterwegs',
  'child.notYet': 'noch nicht aktiv',
  'child.seen': 'zuletzt gemeldet {when}',
  'child.allotted': '{n} bleiben ihm vorbehalten, bis es von der Änderung weiß',
  'child.expires': 'letzter Tag: {day}',
  'child.update': 'Ändern',
  'child.update.title': 'Ändern, was {account} hat',
  'child.save': 'Lizenz sichern',
  'child.suspend': 'Aussetzen',
  'child.suspend.title': '{account} aussetzen?',
  'child.suspend.lead':
    'Er verleiht nichts mehr, sobald er davon hört, beim nächsten Melden. Es kann wieder aufgenommen werden.',
  'child.remove.title': 'Die Lizenz von {account} entfernen?',
  'child.remove.lead':
    'Für immer. Seine Plätze kommen zurück, wenn er davon gehört hat oder das zuletzt Versprochene geendet hat.',
  'child.resume': 'Wieder aufnehmen',
  'child.resumed': '{account} verleiht wieder.',
  'child.told': '{account} hört davon beim nächsten Melden.',
  'child.created': 'Die Lizenz von {account} wurde gesichert: lassen Sie sie dort hinzufügen.',
};
