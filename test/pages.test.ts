/** What the pages for people say: links lead somewhere, commands, flags and settings exist. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS } from '../agent/cli/commands.ts';
import { shapeOf } from '../agent/cli/completion/shape.ts';
import { FILE_SETTINGS, settingVariable } from '../agent/settings-table.ts';

const PAGES = [
  'README.md',
  'agent/README.md',
  'agent/vendor/README.md',
  'build/README.md',
  'protocol/README.md',
  'test/vectors/README.md',
];
const SHAPES = COMMANDS.map(shapeOf);

const read = (page: string): string => readFileSync(page, 'utf8');

/** A heading's name in a link, as forges make it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
    .replaceAll(' ', '-');

const anchors = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading ?? ''));

/** Links of a page that lead nowhere. */
const brokenLinks = (page: string): string[] =>
  [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link ?? '')
    .filter((link) => !link.startsWith('https://'))
    .filter((link) => {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(target)) return true;
      return heading !== undefined && !anchors(target).includes(heading);
    });

/** The command lines of a page: in blocks, and each in backticks of its own. */
const commandLines = (text: string): string[] => {
  const blocks = [...text.matchAll(/^```(?:sh)?\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    (block ?? '').split('\n'),
  );
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span ?? '');
  return [...blocks, ...spans]
    .map((line) => line.replace(/\s#.*$/, '').replace(/^sudo /, ''))
    .filter((line) => line.startsWith('usher '));
};

/** What is wrong with a command line as a page writes it, if anything. */
const fault = (line: string): string | undefined => {
  const [own = ''] = line.split(' -- ');
  const words = own.split(' ').slice(1);
  // `usher --help`, and what stands for any command.
  if (words[0]?.startsWith('-') || words[0] === 'COMMAND') return undefined;
  const named = SHAPES.filter((shape) =>
    shape.words.every((word, at) => words[at]?.split('|').includes(word)),
  );
  if (named.length === 0) return `${line}: no such command`;
  const flags = words.filter((word) => /^\[?--[a-z]/.test(word));
  const unknown = flags
    .map((flag) => flag.replace(/^\[/, '').replace(/[\]=].*$/, ''))
    .find((flag) => !named.some((shape) => shape.flags.some(({ name }) => name === flag)));
  return unknown === undefined ? undefined : `${line}: no flag ${unknown}`;
};

const faults = (text: string): string[] =>
  commandLines(text).flatMap((line) => {
    const found = fault(line);
    return found === undefined ? [] : [found];
  });

test('every page is looked at', () => {
  const pages = ['agent', 'protocol', 'test', 'scripts', 'build']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md') && !path.startsWith('build/out/'));
  assert.equal(['README.md', ...pages].sort(), [...PAGES].sort());
});

for (const page of PAGES) {
  test(`links in ${page} lead somewhere`, () => {
    assert.equal(brokenLinks(page), []);
  });

  test(`commands in ${page} exist`, () => {
    assert.equal(faults(read(page)), []);
  });
}

test('a command or a flag that does not exist is found', () => {
  assert.equal(faults('`usher seat lend`').length, 1);
  assert.equal(faults('```sh\nusher serve --prot 1\n```').length, 1);
  assert.equal(faults('`usher license|seat list --json` and `usher serve`'), []);
  assert.ok(commandLines(read('README.md')).length > 10);
});

test('the handbook names every setting', () => {
  const handbook = read('agent/README.md');
  for (const name of FILE_SETTINGS) {
    const row = new RegExp(`^\\| \`${name}\` +\\| \`${settingVariable(name)}\` +\\|`, 'm');
    assert.ok(row.test(handbook), `agent/README.md has no row for ${name}`);
  }
});

test.run();
