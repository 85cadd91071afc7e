/** The settings file as it is installed: every setting with a comment, none of them set. */

import { FILE_SETTINGS, SETTINGS } from './settings-table.ts';

/** A settings file that changes nothing and says what could be set. */
export const settingsTemplate = (): string =>
  [
    '# Settings of the Usher agent: lines of `name = value`; `#`, first or after a space, starts a comment.',
    '# `usher config check` finds mistakes, `usher config show` tells what holds and why,',
    '# `usher config reload` has a running agent take over what it can.',
    ...FILE_SETTINGS.map((name) => {
      const { summary, value, fallback, needsRestart } = SETTINGS[name];
      const applies = needsRestart ? '; a change needs a restart' : '';
      return `\n# ${summary} (default: ${fallback}${applies})\n#${name} = ${value}`;
    }),
    '',
  ].join('\n');
