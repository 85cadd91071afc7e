import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Terminal } from '../../../agent/cli/command.ts';
import { COMMANDS } from '../../../agent/cli/commands.ts';
import { wordKind } from '../../../agent/cli/completion/shape.ts';
import { runCli } from '../../../agent/cli/run-cli.ts';

const completionOf = async (
  shell: string,
): Promise<{ readonly code: number; readonly text: string; readonly complaint: string }> => {
  let [text, complaint] = ['', ''];
  const terminal: Terminal = {
    out: (more) => {
      text += more;
    },
    err: (more) => {
      complaint += more;
    },
    environment: {},
    isColored: false,
    columns: 80,
    rows: 24,
    readInput: () => Promise.reject(new Error('there is no input')),
    judgeHost: () => Promise.reject(new Error('nobody asks')),
  };
  return { code: await runCli(['completion', shell], terminal), text, complaint };
};

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

test('every command and every flag is in each shell’s script', async () => {
  for (const shell of SHELLS) {
    const { text } = await completionOf(shell);
    for (const { name, flags, settings } of COMMANDS) {
      for (const word of name.split(' ')) assert.ok(text.includes(word), `${shell}: ${name}`);
      for (const flag of [...Object.keys(flags), ...settings]) {
        const shown = shell === 'fish' ? `-l ${flag} ` : `--${flag}`;
        assert.ok(text.includes(shown), `${shell}: ${name} ${shown}`);
      }
    }
  }
});

test('a first word is told by its members, or by what it does', async () => {
  const members = 'install, uninstall, start, stop, restart, status, logs';
  const [fish, zsh] = await Promise.all([completionOf('fish'), completionOf('zsh')]);
  assert.ok(fish.text.includes(`-n __usher_at -a service -d '${members}'`));
  assert.ok(zsh.text.includes(`'service:${members}'`));
  assert.ok(zsh.text.includes(`'status:Show what the running agent does'`));
});

test('an unknown shell is told which there are', async () => {
  const { code, complaint } = await completionOf('tcsh');
  assert.is(code, 2);
  assert.match(complaint, /one of bash, zsh, fish, powershell, not "tcsh"/);
});

test('a value’s name says what stands for it', () => {
  assert.equal(wordKind('ID|FILE'), { kind: 'file' });
  assert.equal(wordKind('FOLDER'), { kind: 'folder' });
  assert.equal(wordKind('warn|stop'), { kind: 'one-of', words: ['warn', 'stop'] });
  assert.equal(wordKind('HOST[:PORT]'), { kind: 'other' });
});

test.run();

/** What real shells offer for what has been typed; the last word is being typed. */
type Offer = (typed: readonly string[], folder: string) => readonly string[];

const has = (shell: string): boolean => spawnSync(shell, ['-c', ':']).status === 0;

const linesOf = (text: string): readonly string[] =>
  [...new Set(text.split('\n').filter((line) => line !== ''))].sort();

const runShell = (shell: string, words: readonly string[], folder: string): string => {
  const done = spawnSync(shell, words, { encoding: 'utf8', cwd: folder, timeout: 30_000 });
  assert.is(done.status, 0, `${done.stderr}`);
  return done.stdout;
};

const inBash: Offer = (typed, folder) => {
  const script = `. ./usher.bash
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _usher; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return linesOf(runShell('bash', ['--norc', '-c', script, 'bash', ...typed], folder));
};

const inFish: Offer = (typed, folder) => {
  const script = 'source ./usher.fish; complete -C "$argv"';
  const printed = runShell('fish', ['--no-config', '-c', script, typed.join(' ')], folder);
  return linesOf(printed.replace(/\t.*/g, ''));
};

// zsh completes at a terminal only: it is given one, and every match is written down on its way.
const inZsh: Offer = (typed, folder) => {
  const rc = `PROMPT='<ready>'
autoload -U compinit; compinit -D -u; . ./usher.zsh
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits; builtin compadd -A hits "$@"; print -l -- $hits >> hits
  builtin compadd "$@"
}
`;
  writeFileSync(join(folder, 'rc'), rc);
  writeFileSync(join(folder, 'hits'), '');
  // What is typed before zsh reads for itself would be edited by the terminal instead.
  const script = `zmodload zsh/zpty; zpty inner zsh -f -i
zpty -w inner '. ./rc'; zpty -r inner line '*<ready>*'
zpty -w -n inner "$1"$'\\t\\025exit\\n'; while zpty -r inner line; do :; done`;
  runShell('zsh', ['-f', '-c', script, 'zsh', typed.join(' ')], folder);
  return linesOf(readFileSync(join(folder, 'hits'), 'utf8'));
};

const OFFERS: Readonly<Record<string, Offer>> = { bash: inBash, zsh: inZsh, fish: inFish };

for (const [shell, offer] of Object.entries(OFFERS)) {
  const real = suite<{ folder: string }>(`completion in ${shell}`);
  const check = has(shell) ? real : real.skip;
  real.before(async (context) => {
    context.folder = mkdtempSync(join(tmpdir(), 'usher-completion-'));
    const { text } = await completionOf(shell);
    writeFileSync(join(context.folder, `usher.${shell}`), text);
    writeFileSync(join(context.folder, 'license.txt'), '');
  });
  real.after(({ folder }) => rmSync(folder, { recursive: true }));

  check('commands, then the members of a family', ({ folder }) => {
    assert.equal(offer(['usher', 'dis'], folder), ['discover']);
    assert.equal(
      offer(['usher', 'license', ''], folder).filter((word) => !word.startsWith('-')),
      ['activate', 'add', 'deactivate', 'export', 'list', 'refresh', 'remove', 'restore', 'show'],
    );
  });
  check('flags of the command', ({ folder }) => {
    const flags = offer(['usher', 'seat', 'list', '--'], folder).map((word) =>
      word.replace(/=$/, ''),
    );
    assert.ok(flags.includes('--json') && flags.includes('--data'), flags.join(' '));
    assert.not.ok(flags.includes('--product'));
  });
  check('the few words that a flag takes', ({ folder }) => {
    assert.equal(offer(['usher', 'run', '--on-loss', ''], folder), ['stop', 'warn']);
  });
  check('files where a file stands', ({ folder }) => {
    assert.equal(offer(['usher', 'license', 'add', 'lic'], folder), ['license.txt']);
  });
  check('somebody else’s command behind --', ({ folder }) => {
    const offered = offer(['usher', 'run', '--product', 'x', '--', 'mkfif'], folder);
    assert.ok(offered.includes('mkfifo'), offered.join(' '));
  });
  real.run();
}
