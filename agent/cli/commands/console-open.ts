import { spawn } from 'node:child_process';
import { platform } from 'node:process';
import { askConsole } from '../../admin/control-client.ts';
import { DataFolder } from '../../edges/data-folder.ts';
import { dataFolder } from '../../settings.ts';
import { print } from '../agent-command.ts';
import { type Command, JSON_FLAG, type Terminal } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const consoleOpen: Command = {
  name: 'console open',
  summary: 'Open the console in the browser, signed in by a link that works once',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    print: { kind: 'switch', summary: 'only print the link' },
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal, sources } = invocation;
    const path = new DataFolder(dataFolder(sources)).controlPath;
    const { url } = await askConsole(path, { kind: 'link' });
    print(
      invocation,
      { url },
      () => `${url}\nThe link signs one browser in, within two minutes.\n`,
    );
    if (!args.has('print') && !args.has('json')) openBrowser(url, terminal);
    return EXIT.done;
  },
};

/** Where there is a desktop; elsewhere the link is there to be copied. */
const openBrowser = (url: string, { environment }: Terminal): void => {
  const hasDesktop = environment['DISPLAY'] || environment['WAYLAND_DISPLAY'];
  if (platform !== 'win32' && platform !== 'darwin' && !hasDesktop) return;
  const [program, ...words] =
    platform === 'win32'
      ? ['rundll32', 'url.dll,FileProtocolHandler', url]
      : [platform === 'darwin' ? 'open' : 'xdg-open', url];
  const child = spawn(program ?? '', words, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
};
