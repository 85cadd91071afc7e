/** Rules for ufw, Ubuntu's and Debian's simple firewall. */

import {
  type FirewallWish,
  type Opening,
  OWN_COMMENT,
  type OwnRule,
  openingComment,
  openingsOf,
  type Surveyor,
  settle,
} from './firewall.ts';

/**
 * A rule names the port and not the application profile that the packages bring: a rule by profile
 * breaks every later `ufw` command once the package, and the profile with it, is gone.
 */
const ruleWords = ({ protocol, port, network }: Opening): readonly string[] => [
  ...['allow', 'from', network, 'to', 'any'],
  ...['port', `${port}`, 'proto', protocol],
];

export const surveyUfw: Surveyor = async (tool, wish) => {
  const status = await tool(['ufw', 'status']);
  if (status.status !== 0 || !/^Status: active/m.test(status.out)) return undefined;
  const added = (await tool(['ufw', 'show', 'added'])).out;
  const own = ownRules(added);
  return {
    firewall: 'ufw',
    state: 'ufw is active and lets in what its rules name.',
    isNamedByOthers: added
      .split('\n')
      .some((line) => !line.includes(OWN_COMMENT) && namesPort(line, wish.port)),
    warnings: [],
    ...settle(wantedRules(wish), own),
  };
};

const namesPort = (line: string, port: number): boolean =>
  new RegExp(`\\b(${port}|Usher)\\b`).test(line);

const wantedRules = (wish: FirewallWish) =>
  openingsOf(wish).map((opening) => {
    const key = openingComment(opening);
    return { key, add: [['ufw', ...ruleWords(opening), 'comment', key]] };
  });

/** `ufw show added` gives each rule as the command that made it. */
const ownRules = (added: string): readonly OwnRule[] =>
  added.split('\n').flatMap((line) => {
    const [, words, key] = /^ufw (allow .+) comment '([^']+)'$/.exec(line.trim()) ?? [];
    if (words === undefined || !key?.startsWith(OWN_COMMENT)) return [];
    return [{ key, remove: [['ufw', 'delete', ...words.split(' ')]] }];
  });
