/** Where Usher's files of one user and of a whole computer are. */

import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What one user's programs remember; `undefined` where the user has no home. */
export const userStateFolder = (environment: Environment): string | undefined => {
  if (platform === 'win32' && environment['LOCALAPPDATA']) {
    return join(environment['LOCALAPPDATA'], 'Usher');
  }
  return userFolder(environment, 'XDG_STATE_HOME', ['.local', 'state']);
};

/** What one user has set; `undefined` where the user has no home. */
export const userSettingsFolder = (environment: Environment): string | undefined => {
  if (platform === 'win32' && environment['APPDATA']) return join(environment['APPDATA'], 'Usher');
  return userFolder(environment, 'XDG_CONFIG_HOME', ['.config']);
};

/** What is set for everybody on this computer: not in the agent's folder, which only it may enter. */
export const machineSettingsFolder = (environment: Environment): string =>
  platform === 'win32'
    ? join(environment['ProgramData'] || 'C:\\ProgramData', 'Usher Client')
    : '/etc/usher';

/** The folder that the variable names, or the one that it stands for in the user's home. */
const userFolder = (
  environment: Environment,
  variable: string,
  fallback: readonly string[],
): string | undefined => {
  const named = environment[variable];
  if (named) return join(named, 'usher');
  const home = homeFolder(environment);
  return home === undefined ? undefined : join(home, ...fallback, 'usher');
};

const homeFolder = (environment: Environment): string | undefined => {
  if (environment['HOME']) return environment['HOME'];
  try {
    // An empty HOME is none: what is kept may not depend on the folder that a program is started in.
    return homedir() || userInfo().homedir || undefined;
  } catch {
    // A service user without an account entry has none.
    return undefined;
  }
};
