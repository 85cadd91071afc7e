/** What the keeper of the rules has of the site. */

import { utf8ToBytes } from '../protocol/bytes.ts';
import { nativePrimitives } from '../protocol/node/native-primitives.ts';
import { hashText } from './core/charter/taken-marks.ts';
import type { ReadRules } from './core/rules/rule-book.ts';
import { parseSiteRules } from './core/rules/site-rules.ts';
import type { AgentDriver } from './edges/agent-driver.ts';
import { type DataFolder, suffixOf } from './edges/data-folder.ts';
import { RulesFile } from './edges/rules-file.ts';
import type { SiteOfRules } from './edges/rules-keeper.ts';

export const rulesOfSite = (
  folder: DataFolder,
  driver: AgentDriver,
): SiteOfRules & { readonly read: ReadRules } => ({
  read: parseSiteRules,
  share: (text, was, who) =>
    driver.operate({
      kind: 'shared-offer',
      what: 'rules',
      bytes: utf8ToBytes(text),
      was: utf8ToBytes(was),
      who,
    }),
  hash: (text) => hashText(utf8ToBytes(text), nativePrimitives),
  aside: () => new RulesFile(`${folder.rules}.before-${suffixOf(new Date())}`),
});
