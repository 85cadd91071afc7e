/** What `npm run build` is asked for. */

import { parseVersion } from '../../protocol/app-version.ts';
import { err, type Result } from '../../protocol/result.ts';
import { parseTargets, type Target } from './targets.ts';

export interface BuildOrder {
  readonly targets: readonly Target[];
  /** Whether packages are made of the binaries. */
  readonly wantsPackages: boolean;
  /** Another version than package.json has: for trying an upgrade. */
  readonly version: string | undefined;
  /** Another folder than build/out, absolute or from here. */
  readonly into: string | undefined;
}

const PACKAGES = 'packages';

/** From `[TARGET…] [packages] [--version VERSION] [--into FOLDER]`, or a sentence. */
export const parseBuildOrder = (args: readonly string[]): Result<BuildOrder, string> => {
  const names: string[] = [];
  const options = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word !== '--version' && word !== '--into') names.push(word);
    else {
      i += 1;
      const value = args[i];
      if (value === undefined) return err(`${word} needs a value.`);
      options.set(word, value);
    }
  }
  const version = options.get('--version');
  if (version !== undefined && (!/^[\d.]+$/.test(version) || parseVersion(version) === undefined))
    return err(`--version is numbers with dots, not “${version}”.`);
  const targets = parseTargets(names.filter((name) => name !== PACKAGES));
  if (!targets.ok) return targets;
  return {
    ok: true,
    value: {
      targets: targets.value,
      wantsPackages: names.includes(PACKAGES),
      version,
      into: options.get('--into'),
    },
  };
};
