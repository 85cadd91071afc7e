/** The page of rules, in German. */

import type { rulesEn } from './rules-en.ts';

export const rulesDe: Readonly<Record<keyof typeof rulesEn, string>> = {
  'rule.file': 'Die Datei der Regeln',
  'rule.save': 'Sichern und in Kraft setzen',
  'rule.revert': 'Zurück zum gesicherten Text',
  'rule.saved': 'In Kraft.',
  'rule.fine': 'In Ordnung: {rules}.',
  'rule.empty': 'Keine Regel: alle dürfen jeden Platz nehmen.',
  'rule.faults': 'Zuerst zu beheben',
  'rule.line': 'Zeile {n}',
  'rule.try': 'Was bekäme jemand?',
  'rule.tryNow': 'Erklären',
  'rule.yes': 'Ein Platz ist frei.',
  'rule.shared': 'Ja: er teilte den Platz, der schon belegt ist.',
  'rule.overdraft': 'Ja, über der lizenzierten Zahl, wie es der Hersteller duldet.',
  'rule.inUse': '{used} von {all} Plätzen, die in Frage kommen, sind belegt.',
  'rule.withheld': '{n} freie sind für andere reserviert.',
  'rule.count': 'Jetzt {held} von {most}.',
  'rule.applies': 'trifft zu',
  'rule.address': 'Adresse',
  'rule.draft': 'Nach dem Text, wie er hier steht, gesichert oder nicht.',
  'rule.help': 'Zum Beispiel: {example}',
};
