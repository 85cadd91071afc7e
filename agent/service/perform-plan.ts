/** Does what a plan says. */

import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { unreachable } from '../../protocol/result.ts';
import type { Tool } from '../edges/system-tool.ts';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';
import { type Step, wordsToText } from './plan.ts';

/** Does the steps in order and returns a line for each that changed something. Code: REFUSED. */
export const performPlan = async (
  steps: readonly Step[],
  run: Tool,
): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const step of steps) {
    const line = await perform(step, lines.length > 0, run);
    if (line !== undefined) lines.push(line);
  }
  return lines;
};

/** What was changed, in words; `undefined` for nothing. Commands prove nothing about changes, but for those that are told. */
const perform = async (step: Step, isChanged: boolean, run: Tool): Promise<string | undefined> => {
  switch (step.kind) {
    case 'run':
      return step.onChange && !isChanged ? undefined : runStep(step, run);
    case 'program':
      return guarded(step.to, () => placeProgram(step.from, step.to));
    case 'folder':
      return guarded(step.path, () => makeFolder(step.path, step.mode));
    case 'file':
      return guarded(step.path, () => placeFile(step));
    case 'remove':
      return guarded(step.path, () => remove(step.path));
    case 'remove-empty':
      return guarded(step.path, () => removeEmpty(step.path));
    default:
      return unreachable(step);
  }
};

const guarded = async (
  path: string,
  work: () => Promise<string | undefined>,
): Promise<string | undefined> => {
  try {
    return await work();
  } catch (error) {
    throw new UsherError(
      'REFUSED',
      `${path}: ${systemReason(error)}. Nothing after it was done.`,
      error,
    );
  }
};

const runStep = async (
  { words, mayFail, complaint }: Extract<Step, { kind: 'run' }>,
  run: Tool,
): Promise<string | undefined> => {
  const { status, out, err } = await run(words);
  const why = err.trim();
  if (complaint !== null) return status === 0 ? out.trim() : `${complaint}: ${why}`;
  if (status === 0 || mayFail) return undefined;
  throw new UsherError(
    'REFUSED',
    `${wordsToText(words)} failed${why === '' ? '' : `: ${why}`}${/[.!?]$/.test(why) ? '' : '.'}`,
  );
};

/** A file that runs cannot be written to, but another can take its name. */
const placeProgram = async (from: string, to: string): Promise<string | undefined> => {
  const isNew = !(await isThere(to));
  if (!isNew && (await isSameContent(from, to))) return undefined;
  const partial = `${to}.new`;
  await copyFile(from, partial);
  await chmod(partial, 0o755);
  await rename(partial, to);
  return `${isNew ? 'Installed' : 'Replaced'} ${to}`;
};

const CHUNK_BYTES = 1_048_576;

const isSameContent = async (one: string, other: string): Promise<boolean> => {
  await using left = await open(one);
  await using right = await open(other);
  const { size } = await left.stat();
  if (size !== (await right.stat()).size) return false;
  const [chunk, twin] = [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(CHUNK_BYTES)];
  for (let at = 0; at < size; at += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, size - at);
    await left.read(chunk, 0, length, at);
    await right.read(twin, 0, length, at);
    if (!chunk.subarray(0, length).equals(twin.subarray(0, length))) return false;
  }
  return true;
};

const makeFolder = async (path: string, mode: number): Promise<string | undefined> => {
  if (await isThere(path)) return undefined;
  await mkdir(path);
  // Whatever this user's mask is.
  await chmod(path, mode);
  return `Made ${path}`;
};

const placeFile = async ({
  path,
  mode,
  content,
  isKept,
}: Extract<Step, { kind: 'file' }>): Promise<string | undefined> => {
  const before = (await isThere(path)) ? await readFile(path, 'utf8') : undefined;
  if (before === content || (before !== undefined && isKept)) return undefined;
  await writeFile(`${path}.new`, content, { flush: true });
  await chmod(`${path}.new`, mode);
  await rename(`${path}.new`, path);
  return `${before === undefined ? 'Wrote' : 'Replaced'} ${path}`;
};

const remove = async (path: string): Promise<string | undefined> => {
  if (!(await isThere(path))) return undefined;
  await rm(path, { recursive: true });
  return `Removed ${path}`;
};

const removeEmpty = async (path: string): Promise<string | undefined> => {
  try {
    await rmdir(path);
    return `Removed ${path}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST') return undefined;
    throw error;
  }
};

const isThere = async (path: string): Promise<boolean> => {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
};
