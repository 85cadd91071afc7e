import { UsherError } from '../../usher-error.ts';
import type { Command } from '../command.ts';
import { renderBash } from '../completion/bash.ts';
import { renderFish } from '../completion/fish.ts';
import { renderPowerShell } from '../completion/powershell.ts';
import { type CommandShape, shapeOf } from '../completion/shape.ts';
import { renderZsh } from '../completion/zsh.ts';
import { EXIT } from '../exit-code.ts';

const SHELLS: Readonly<Record<string, (shapes: readonly CommandShape[]) => string>> = {
  bash: renderBash,
  zsh: renderZsh,
  fish: renderFish,
  powershell: renderPowerShell,
};

/** The command that knows all others; it is told of them because they cannot be imported from here. */
export const makeCompletion = (all: () => readonly Command[]): Command => ({
  name: 'completion',
  summary: 'Print what makes a shell complete the words of usher',
  positionals: [{ name: Object.keys(SHELLS).join('|'), summary: 'the shell' }],
  flags: {},
  settings: [],
  run: async ({ args, terminal }) => {
    const [shell = ''] = args.positionals;
    if (!Object.hasOwn(SHELLS, shell)) {
      const known = Object.keys(SHELLS).join(', ');
      throw new UsherError('WRONG_USAGE', `The shell is one of ${known}, not "${shell}".`);
    }
    terminal.out(SHELLS[shell]?.(all().map(shapeOf)) ?? '');
    return EXIT.done;
  },
});
