/** What the page of the agent itself says, in German. */

import type { serviceEn } from './service-en.ts';

export const serviceDe: Readonly<Record<keyof typeof serviceEn, string>> = {
  'svc.version': 'Version',
  'svc.computer': 'Computer',
  'svc.uptime': 'Läuft seit',
  'svc.process': 'Prozess',
  'svc.udp': 'Clients',
  'svc.udpPort': 'UDP-Port {port}',
  'svc.console': 'Konsole',
  'svc.consolePort': 'TCP-Port {port} von {addresses}',
  'svc.fingerprint': 'Ihr Zertifikat (SHA-256)',
  'svc.passwords': 'Passwörter für',
  'svc.noPasswords': 'niemanden',
  'svc.data': 'Datenordner',
  'svc.around': 'Auf diesem Computer',
  'svc.boot': 'Startet mit dem Computer',
  'svc.boot.yes': 'ja',
  'svc.boot.no': 'Nein.',
  'svc.boot.notInstalled': 'Nein: er ist nicht als Dienst eingerichtet.',
  'svc.firewall': 'Firewall',
  'svc.firewall.open': 'Clients der lokalen Netze kommen herein.',
  'svc.firewall.shut': 'Keine Regel von Usher lässt Clients herein:',
  'svc.settings': 'Einstellungen',
  'svc.setting': 'Einstellung',
  'svc.value': 'Wert',
  'svc.source': 'Von',
  'svc.default': 'Vorgabe',
  'svc.restart': 'braucht einen Neustart',
  'svc.file': 'Die Datei der Einstellungen ist {file}.',
  'svc.reload': 'Einstellungen neu einlesen',
  'svc.reloaded': 'Geändert: {changed}.',
  'svc.reloadedNone': 'Keine Einstellung hat sich geändert.',
  'svc.needRestart': 'Ein Neustart ist nötig für: {names}.',
  'svc.diagnostics': 'Diagnose für den Support sichern',
  'svc.diagnostics.lead':
    'Eine Datei mit dem, was diese Konsole zeigt: Lizenzen, Plätze mit Namen von Personen und Computern, Regeln, Einstellungen und jüngste Ereignisse. Keine Schlüssel und keine Passwörter.',
  'svc.clockReset': 'Uhr zurücksetzen',
  'svc.clockReset.lead':
    'Nur wenn die Uhr dieses Computers vorher falsch ging und jetzt richtig geht.',
};
