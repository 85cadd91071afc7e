import { resolve } from 'node:path';
import { type FileSetting, settingVariable } from '../../settings-table.ts';
import { print } from '../agent-command.ts';
import { type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { changeSettingsFile } from '../site-file.ts';
import { JOINING_SETTINGS, lookAtJoining, membersToText, renderReplaced } from '../site-joining.ts';

export const siteJoin: Command = {
  name: 'site join',
  summary: 'Make this agent a member of a site, when it is started again',
  positionals: [{ name: 'URL,…', summary: "etcd's addresses, as http://a:2379,http://b:2379" }],
  flags: JSON_FLAG,
  settings: JOINING_SETTINGS,
  run: async (invocation) => {
    const [urls = ''] = invocation.args.positionals;
    const { site, replaced } = await lookAtJoining(invocation, urls);
    const changes = new Map([['site', urls] as const, ...given(invocation)]);
    const { file } = await changeSettingsFile(invocation.sources, changes);
    const next = `${file} says so now: start the agent again, \`usher service restart\`, and it joins.`;
    print(
      invocation,
      { file, site, replaced },
      () =>
        `${membersToText(site)} ${next}\n${renderReplaced(replaced)}${loginHere(invocation, file)}`,
    );
    return EXIT.done;
  },
};

/** The file is not told of it: the agent has to be. */
const loginHere = ({ sources }: Invocation, file: string): string =>
  sources.environment[settingVariable('site-login')] === undefined
    ? ''
    : `USHER_SITE_LOGIN is set here. The agent needs it, too: as \`site-login\` in ${file}, or in its environment.\n`;

/** The settings on the command line; files are named from everywhere. */
const given = ({ sources }: Invocation): readonly (readonly [FileSetting, string])[] =>
  (['site-name', 'site-ca', 'site-certificate'] as const).flatMap((name) => {
    const text = sources.flags[name];
    if (text === undefined) return [];
    return [[name, name === 'site-name' ? text : resolve(text)] as const];
  });
