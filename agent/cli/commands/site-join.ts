import { join, resolve } from 'node:path';
import { readFileUpTo } from '../../../protocol/node/bounded-files.ts';
import { OPERATION_LIMITS, type SiteView } from '../../core/operations.ts';
import { DataFolder } from '../../edges/data-folder.ts';
import { bytesToText } from '../../edges/files.ts';
import { dataFolder } from '../../settings.ts';
import type { FileSetting } from '../../settings-table.ts';
import { VALUE_READERS, wrongValue } from '../../settings-values.ts';
import type { SiteCommon } from '../../site-desk.ts';
import type { SiteSettings } from '../../site-settings.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { changeSettingsFile } from '../site-file.ts';

export const siteJoin: Command = {
  name: 'site join',
  summary: 'Make this agent a member of a site, when it is started again',
  positionals: [{ name: 'URL,…', summary: "etcd's addresses, as http://a:2379,http://b:2379" }],
  flags: JSON_FLAG,
  settings: ['data', 'site-name', 'site-ca', 'site-certificate'],
  run: async (invocation) => {
    const [text = ''] = invocation.args.positionals;
    const endpoints = VALUE_READERS.site(text);
    if (!endpoints.ok) throw new UsherError('WRONG_USAGE', `URL,… ${wrongValue(endpoints.error)}`);
    const site = { ...invocation.settings().site, endpoints: endpoints.value };
    const { view, rules, hasPasswords } = await look(site);
    const replaced = replacedBy(
      new DataFolder(dataFolder(invocation.sources)),
      rules,
      hasPasswords,
    );
    const changes = new Map([['site', text] as const, ...given(invocation)]);
    const file = await changeSettingsFile(invocation.sources, changes);
    print(invocation, { file, site: view, replaced }, () => joined(file, view, replaced));
    return EXIT.done;
  },
};

/** The settings on the command line; files are named from everywhere. */
const given = ({ sources }: Invocation): readonly (readonly [FileSetting, string])[] =>
  (['site-name', 'site-ca', 'site-certificate'] as const).flatMap((name) => {
    const text = sources.flags[name];
    if (text === undefined) return [];
    return [[name, name === 'site-name' ? text : resolve(text)] as const];
  });

interface Looked extends SiteCommon {
  readonly view: SiteView;
}

/** What is there already. Nothing is written down of a register that does not answer. */
const look = async (site: SiteSettings): Promise<Looked> => {
  const { openSiteDesk } = await import('../../site-desk.ts');
  const desk = openSiteDesk(site, new Uint8Array());
  try {
    const view = await desk.look();
    if (view.trouble !== null) throw new UsherError('REFUSED', view.trouble);
    return { view, ...(await desk.common()) };
  } finally {
    desk.close();
  }
};

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

const joined = (file: string, { name, members }: SiteView, replaced: readonly string[]): string => {
  const others = members.map((one) => one.name).join(', ');
  const who = others === '' ? 'nobody is a member of it yet' : `its members are ${others}`;
  return [
    `The register of site ${name} answers; ${who}. ${file} says so now: start the agent again, \`usher service restart\`, and it joins.`,
    ...replaced,
    'Its licenses and those of the site become the same on all members. What it has lent before is not renewed: join while nobody works.',
    '',
  ].join('\n');
};
