/** What joining a site would mean for this agent: who is there, and what of its own gives way. */

import { join } from 'node:path';
import { readFileUpTo } from '../../protocol/node/bounded-files.ts';
import { OPERATION_LIMITS, type SiteView } from '../core/operations.ts';
import { DataFolder } from '../edges/data-folder.ts';
import { bytesToText } from '../edges/files.ts';
import { dataFolder } from '../settings.ts';
import { VALUE_READERS, wrongValue } from '../settings-values.ts';
import { UsherError } from '../usher-error.ts';
import type { Invocation } from './command.ts';

/** What says which site is meant, beside its register's addresses. */
export const JOINING_SETTINGS = ['data', 'site-name', 'site-ca', 'site-certificate'] as const;

export interface Joining {
  /** Nothing is here that does not answer. */
  readonly site: SiteView;
  /** A sentence for each thing of this agent's own that the site's takes the place of. */
  readonly replaced: readonly string[];
}

/** `urls`: etcd's, with commas. Codes: WRONG_USAGE, FILE_UNREADABLE, REFUSED. */
export const lookAtJoining = async (invocation: Invocation, urls: string): Promise<Joining> => {
  const endpoints = VALUE_READERS.site(urls);
  if (!endpoints.ok) throw new UsherError('WRONG_USAGE', `URL,… ${wrongValue(endpoints.error)}`);
  const settings = { ...invocation.settings().site, endpoints: endpoints.value };
  const { openSiteDesk } = await import('../site-desk.ts');
  const desk = openSiteDesk(settings, new Uint8Array());
  try {
    const site = await desk.look();
    if (site.trouble !== null) throw new UsherError('REFUSED', withLogin(site.trouble));
    const { rules, hasPasswords } = await desk.common();
    const folder = new DataFolder(dataFolder(invocation.sources));
    return { site, replaced: replacedBy(folder, rules, hasPasswords) };
  } finally {
    desk.close();
  }
};

/** Who a member is to etcd no flag says: it would be read by everybody. */
const withLogin = (trouble: string): string =>
  /user name is empty|invalid user ID|permission denied/.test(trouble)
    ? `${trouble} \`site-login\` in usher.conf, or USHER_SITE_LOGIN, says who this agent is to etcd, and needs the right to read and write all that is below /usher/NAME/.`
    : trouble;

/** What of this agent's own gives way to the site's when it joins. */
const replacedBy = (
  folder: DataFolder,
  rules: string | null,
  hasPasswords: boolean,
): readonly string[] => {
  const own = readOr(folder.rules);
  const isOther = rules !== null && own.trim() !== '' && own !== rules;
  const passwords = join(folder.path, 'console-passwords.json');
  return [
    ...(isOther
      ? [
          `The site has other rules: they take the place of those in ${folder.rules}, which are kept beside it.`,
        ]
      : []),
    ...(hasPasswords && readOr(passwords) !== ''
      ? ["The site has passwords for the console: they take the place of this agent's."]
      : []),
  ];
};

const readOr = (path: string): string => {
  try {
    return bytesToText(readFileUpTo(path, 2 * OPERATION_LIMITS.rules));
  } catch {
    return '';
  }
};

/** `office answers; its members are …`, and what of it does not. */
export const membersToText = ({ name, members, register }: SiteView): string => {
  const shown = members.filter(({ standing }) => standing !== 'forgotten');
  const others = shown.map((one) => one.name).join(', ');
  const who = others === '' ? 'nobody is a member of it yet' : `its members are ${others}`;
  const silent = register.flatMap(({ standing, trouble }) =>
    standing === 'unreachable' ? [trouble ?? ''] : [],
  );
  const but = silent.length === 0 ? '' : ` But not all of it: ${silent.join(' ')}`;
  return `The register of site ${name} answers; ${who}.${but}`;
};

/** What becomes of this agent when it joins. */
export const renderReplaced = (replaced: readonly string[]): string =>
  [
    ...replaced,
    'Its licenses and those of the site become the same on all members. What it has lent before is not renewed: join while nobody works.',
    '',
  ].join('\n');
