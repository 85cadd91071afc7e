/** From words on the command line to a command and its checked arguments. */

import { parseArgs } from 'node:util';
import { UsherError } from '../usher-error.ts';
import { type Arguments, type Command, positionalWord } from './command.ts';

/** The command that the words begin with, and the words behind its name. */
export const findCommand = (
  commands: readonly Command[],
  words: readonly string[],
): { readonly command: Command; readonly words: readonly string[] } | undefined => {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ');
    const command = commands.find((one) => one.name === name);
    if (command !== undefined) return { command, words: words.slice(count) };
  }
  return undefined;
};

type Options = Record<string, { type: 'string' | 'boolean'; multiple?: boolean; short?: string }>;

const toOptions = (command: Command): Options => {
  const options: Options = { help: { type: 'boolean', short: 'h' } };
  for (const name of command.settings) options[name] = { type: 'string' };
  for (const [name, flag] of Object.entries(command.flags)) {
    options[name] =
      flag.kind === 'switch'
        ? { type: 'boolean' }
        : { type: 'string', multiple: flag.kind === 'list' };
  }
  return options;
};

/** Checks the words against the command's table. Code: WRONG_USAGE. */
export const parseArguments = (command: Command, words: readonly string[]): Arguments => {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  const rest = end < 0 ? [] : words.slice(end + 1);
  const { values, positionals } = parseOwn(command, own);
  if (values['help'] !== true) checkCounts(command, positionals.length, rest.length);
  return {
    positionals,
    rest,
    text: (flag) => (typeof values[flag] === 'string' ? values[flag] : undefined),
    list: (flag) => (Array.isArray(values[flag]) ? values[flag].map(String) : []),
    has: (flag) => values[flag] === true,
  };
};

interface Parsed {
  readonly values: Record<string, unknown>;
  readonly positionals: string[];
}

/** Words and pairs of `--flag VALUE` alone, as services are started with; `undefined` for all else. */
const parsePlain = (options: Options, own: readonly string[]): Parsed | undefined => {
  const values: Record<string, unknown> = {};
  const positionals: string[] = [];
  for (let i = 0; i < own.length; i++) {
    const word = own[i] ?? '';
    const name = word.slice(2);
    if (!word.startsWith('-')) positionals.push(word);
    else if (!word.startsWith('--') || !Object.hasOwn(options, name)) return undefined;
    else if (options[name]?.type === 'boolean') values[name] = true;
    else {
      const value = own[++i];
      if (value === undefined || value.startsWith('-') || options[name]?.multiple) return undefined;
      values[name] = value;
    }
  }
  return { values, positionals };
};

const parseOwn = (command: Command, own: readonly string[]): Parsed => {
  const options = toOptions(command);
  // Node's parser comes with parts of Node that an agent starts sooner without.
  const plain = parsePlain(options, own);
  if (plain !== undefined) return plain;
  try {
    return parseArgs({
      args: [...own],
      options,
      allowPositionals: true,
      strict: true,
    }) as Parsed;
  } catch (error) {
    throw new UsherError('WRONG_USAGE', explain(error), error);
  }
};

/** Node's own words, but where they say less than they could. */
const explain = (error: unknown): string => {
  const [first = ''] = error instanceof Error ? error.message.split(/\.\s|\n/) : [];
  const [, flag, lack] = /^Option '(--[^' ]+).*' argument (missing|is ambiguous)/.exec(first) ?? [];
  if (lack === 'missing') return `${flag} needs a value.`;
  if (lack !== undefined)
    return `${flag} needs a value: one that begins with a dash is written ${flag}=VALUE.`;
  return `${first.replace(/\.$/, '')}.`;
};

/** What stands behind the flags, as help and errors name it. */
export const positionalWords = ({ positionals, rest }: Command): readonly string[] => [
  ...positionals.map(positionalWord),
  ...(rest === undefined ? [] : ['--', rest]),
];

const checkCounts = (command: Command, positionals: number, rest: number): void => {
  const { positionals: table } = command;
  const least = table.filter(({ times }) => times === undefined || times === 'some').length;
  const last = table.at(-1)?.times;
  const most = last === 'some' || last === 'any' ? Number.POSITIVE_INFINITY : table.length;
  const wanted = positionalWords(command).join(' ');
  const fits = positionals >= least && positionals <= most;
  if (fits && (command.rest === undefined ? rest === 0 : rest > 0)) return;
  throw new UsherError('WRONG_USAGE', `It takes ${wanted === '' ? 'flags only' : wanted}.`);
};
