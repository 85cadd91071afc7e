/** Why something was refused, in German. */

import type { refusalsEn } from './refusals-en.ts';

export const refusalsDe: Readonly<Record<keyof typeof refusalsEn, string>> = {
  'refusal.no-license': 'Dieser Agent hat keine Lizenz für das Produkt.',
  'refusal.no-seat':
    'Alle Plätze sind belegt. Wenn jemand die Anwendung schließt, wird einer frei.',
  'refusal.no-class': 'Die Lizenz hat keine Plätze der verlangten Klasse.',
  'refusal.no-feature': 'Die Lizenz umfasst eine verlangte Funktion nicht.',
  'refusal.not-activated': 'Die Lizenz ist vorhanden, aber noch nicht aktiviert.',
  'refusal.license-pending': 'Die Lizenz gilt noch nicht.',
  'refusal.license-expired': 'Die Lizenz ist abgelaufen.',
  'refusal.virtual-host': 'Die Lizenz erlaubt den Agenten nicht auf einer virtuellen Maschine.',
  'refusal.wrong-host':
    'Die Lizenz gilt für einen anderen Computer als den, auf dem der Agent läuft.',
  'refusal.activation-ended': 'Die Aktivierung der Lizenz ist abgelaufen.',
  'refusal.license-suspended':
    'Die Lizenz ist ausgesetzt: vom Hersteller oder von dem Agenten, der sie gegeben hat.',
  'refusal.license-revoked':
    'Die Lizenz ist widerrufen: vom Hersteller oder von dem Agenten, der sie gegeben hat.',
  'refusal.license-returned':
    'Die Lizenz ist zurückgegeben, oder der Hersteller hat sie diesem Agenten genommen.',
  'refusal.license-invalid':
    'Die Lizenz ist mit einem Schlüssel unterschrieben, den der Hersteller widerrufen hat.',
  'refusal.site-child':
    'Mehrere Agenten als ein Standort können sich eine Unterlizenz noch nicht teilen.',
  'refusal.container-host': 'Die Lizenz erlaubt den Agenten nicht in einem Container.',
  'refusal.unknown-host':
    'Der Agent kann nicht feststellen, ob er auf echter Hardware läuft, wie es die Lizenz verlangt.',
  'refusal.not-held':
    'Dieser Platz wird nicht mehr gehalten: seine Zeit lief ab, bevor er verlängert wurde.',
  'refusal.disconnected': 'Die Verwaltung hat diesen Platz zurückgenommen.',
  'refusal.license-removed': 'Die Lizenz dieses Platzes wurde entfernt.',
  'refusal.store-failing':
    'Der Agent kann nicht auf seine Platte schreiben und darum keinen Platz versprechen.',
  'refusal.busy':
    'Der Agent bedient so viele Clients, wie er kann. Versuchen Sie es gleich noch einmal.',
  'refusal.no-document': 'Der Agent hat die verlangte Lizenz nicht mehr.',
  'refusal.bad-request': 'Der Agent hat die Anfrage nicht verstanden.',
  'refusal.no-match': 'Diese Lizenz oder diesen Platz gibt es nicht.',
  'refusal.license-superseded': 'Eine neuere Lizenz ist an die Stelle dieser getreten.',
  'refusal.standalone-only':
    'Die Lizenz gilt für einen einzelnen Computer und wird von keinem Agenten verliehen.',
  'refusal.not-assigned': 'Ihnen ist kein Platz dieser Lizenz zugewiesen.',
  'refusal.excluded': 'Die Verwaltung erlaubt dieses Produkt für Sie oder diesen Computer nicht.',
  'refusal.limit-reached':
    'Sie, Ihre Gruppe oder dieser Computer haben so viele Plätze, wie die Verwaltung erlaubt.',
  'refusal.reserved': 'Die übrigen Plätze sind für andere reserviert. Versuchen Sie es später.',
  'refusal.no-version': 'Die Lizenz umfasst diese Version der Anwendung nicht.',
  'refusal.no-maintenance': 'Diese Version der Anwendung erschien nach dem Ende der Wartung.',
  'refusal.version-needed':
    'Die Lizenz umfasst nur bestimmte Versionen, und die Anwendung nennt ihre nicht.',
  'refusal.no-resource': 'Für diese Datenbank oder dieses Projekt gibt es keine Lizenz.',
  'refusal.resource-needed':
    'Jede Lizenz des Produkts ist an eine Datenbank oder ein Projekt gebunden, und die Anwendung nennt keines.',
  'refusal.too-heavy': 'Es wurden mehr Plätze auf einmal verlangt, als die Lizenz hat.',
  'refusal.seats-reduced':
    'Die Lizenz hat jetzt weniger Plätze, und dieser wird nicht verlängert: sichern Sie Ihre Arbeit.',
  'refusal.idle':
    'Die Anwendung wurde lange nicht benutzt: der Platz geht an andere, wenn sie es nicht jetzt wird.',
  'refusal.recalled': 'Die Verwaltung hat den Ihnen zugewiesenen Platz zurückgenommen.',
  'refusal.trial-ended': 'Die Probezeit ist zu Ende.',
  'refusal.borrow-forbidden':
    'Plätze dieses Produkts dürfen nicht ausgeliehen werden, oder nicht von Ihnen.',
  'refusal.borrow-too-long': 'So lange darf der Platz nicht ausgeliehen werden.',
  'refusal.borrow-limit': 'Es sind schon so viele Plätze ausgeliehen, wie es sein dürfen.',
  'refusal.queue-full':
    'So viele warten auf einen Platz, dass in der Schlange keiner mehr ist. Versuchen Sie es später.',
  'refusal.no-meter': 'Keine Lizenz des Produkts hat ein Kontingent dieses Namens.',
  'refusal.meter-empty': 'Das Kontingent ist aufgebraucht.',
  'refusal.draw-conflict': 'Diese Entnahme wurde schon mit einer anderen Menge verlangt.',
  'refusal.roster-full':
    'Es können nicht mehr Personen zugewiesen werden, als die Lizenz Plätze hat.',
  'refusal.borrowed':
    'Der Platz ist ausgeliehen und außer Reichweite: er kommt zurück, wenn seine Zeit endet.',
  'refusal.faulty-rules':
    'Die Regeln des Agenten haben einen Fehler. Bis er behoben ist, verleiht er keinen Platz.',
  'refusal.clock-refused': 'Die Uhr kann nicht weiter zurückgestellt werden.',
  'refusal.holding-off':
    'Der Agent wurde wiederhergestellt und hat vielleicht Plätze vergessen: bis diese geendet haben, verleiht er keinen.',
  'refusal.store-damaged':
    'Die Aufzeichnungen des Agenten sind beschädigt. Bis sie repariert sind, verleiht er keinen Platz.',
  'fault.no-block':
    'Es wurde kein Lizenzblock gefunden: kopieren Sie alles von BEGIN bis END, mit beiden Zeilen.',
  'fault.truncated': 'Der Block endet vor seiner END-Zeile: kopieren Sie ihn ganz.',
  'fault.damaged':
    'Der Block wurde unterwegs beschädigt (seine Prüfsumme stimmt nicht): kopieren Sie ihn noch einmal vom Original.',
  'fault.too-long': 'Der Text ist zu lang für eine Lizenz.',
  'fault.malformed': 'Der Block ist keine Lizenz einer Form, die diese Version von Usher kennt.',
  'fault.other-kind': 'Der Block enthält ein anderes Dokument, keine Lizenz.',
  'fault.newer-format':
    'Die Lizenz hat ein neueres Format, als diese Version von Usher kennt: aktualisieren Sie sie.',
  'fault.bad-signature':
    'Die Unterschrift passt nicht: die Lizenz wurde nach dem Unterschreiben verändert.',
  'fault.certificate-use':
    'Die Lizenz wurde mit einem Schlüssel unterschrieben, der keine Lizenzen unterschreiben darf.',
  'fault.certificate-date':
    'Die Lizenz wurde mit einem Schlüssel unterschrieben, der an diesem Tag nicht galt.',
  'fault.bad-chain':
    'Die Unterlizenz führt nicht zu ihrem Hersteller: verlangen Sie sie neu vom übergeordneten Agenten.',
  'fault.wrong-key':
    'Die Lizenz wurde mit einem anderen Schlüssel unterschrieben als denen, denen vertraut wird.',
  'fault.duplicate': 'Diese Lizenz ist schon da.',
  'fault.shelf-full': 'Dieser Agent hat so viele Lizenzen, wie er kann: entfernen Sie zuerst alte.',
};
