/** Carries out the steps of a plan on Windows. */

import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rmdir, unlink, writeFile } from 'node:fs/promises';
import { win32 } from 'node:path';
import { toolWithin } from '../edges/system-tool.ts';
import {
  readFolderOwner,
  removeWhenRestarted,
  setFolderRights,
} from '../edges/windows/folder-rights.ts';
import { removeRegistry, setRegistry } from '../edges/windows/registry-writer.ts';
import type { ServiceControl } from '../edges/windows/service-control.ts';
import { settingsTemplate } from '../settings-template.ts';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';
import {
  ADMINISTRATORS_SID,
  FULL_CONTROL,
  MODIFY,
  readSid,
  SYSTEM_SID,
  serviceSid,
  sidToBytes,
  toAcl,
} from './service-sid.ts';
import { SERVICE_NAME, type Step } from './windows-plan.ts';

const LOCAL_SERVICE_SID = 'S-1-5-19';

/** Does the steps in order and stops at the first that fails; a line for each thing done. */
export const takeSteps = async (
  steps: readonly Step[],
  control: ServiceControl,
): Promise<readonly string[]> => {
  const done: string[] = [];
  for (const step of steps) done.push(...(await takeStep(step, control)));
  return done;
};

const takeStep = async (step: Step, control: ServiceControl): Promise<readonly string[]> => {
  switch (step.kind) {
    case 'secure-folder':
      await attempting(step.path, () => mkdir(step.path, { recursive: true }));
      await secureFolder(step.path, step.likeOwnerOf);
      return [`${step.path} is for the service and administrators alone.`];
    case 'write-settings':
      return writeSettings(step.path);
    case 'copy-program':
      await attempting(step.to, () => replaceProgram(step.from, step.to));
      return [`The program is ${step.to}.`];
    case 'stop-service':
      if ((control.report()?.state ?? 'stopped') === 'stopped') return [];
      await control.stop();
      return ['The service has stopped.'];
    case 'start-service':
      await control.start();
      return ['The service runs.'];
    case 'define-service':
      return [
        'The service is installed; it starts with the computer.',
        ...control.define(step.definition).map((what) => `This Windows does not support: ${what}.`),
      ];
    case 'delete-service':
      if (control.report() === undefined) return ['There was no service.'];
      control.delete();
      return ['The service is removed.'];
    case 'set-registry':
      setRegistry(step.key, step.values);
      return [];
    case 'remove-registry':
      removeRegistry(step.key);
      return [];
    case 'run':
      return runProgram(step);
    case 'remove':
      return removeAll(step.path);
  }
};

/** Whoever made the folder before may have put settings there that are not the administrator's. */
const secureFolder = async (path: string, likeOwnerOf: string): Promise<void> => {
  const own = serviceSid(SERVICE_NAME);
  const trusted = [ADMINISTRATORS_SID, SYSTEM_SID, LOCAL_SERVICE_SID, own, ownerOf(likeOwnerOf)];
  const owner = ownerOf(path);
  const isEmpty = (await readdir(path)).length === 0;
  if (owner !== undefined && !isEmpty && !trusted.includes(owner)) {
    throw new UsherError(
      'REFUSED',
      `${path} was made by a user (${owner}), not by an administrator. Look at what is in it; then remove it, or take it over: takeown /A /R /F "${path}"`,
    );
  }
  const list = toAcl([
    { sid: SYSTEM_SID, rights: FULL_CONTROL },
    { sid: ADMINISTRATORS_SID, rights: FULL_CONTROL },
    { sid: own, rights: MODIFY },
  ]);
  setFolderRights(path, sidToBytes(ADMINISTRATORS_SID), list);
};

const ownerOf = (path: string): string | undefined => {
  const found = readFolderOwner(path);
  return found && readSid(found.bytes, found.at);
};

const writeSettings = async (path: string): Promise<readonly string[]> => {
  if (existsSync(path)) return [];
  const text = settingsTemplate().replaceAll('\n', '\r\n');
  await attempting(path, () => writeFile(path, text, { flag: 'wx' }));
  return [`The settings are in ${path}.`];
};

/** Windows lets a program that runs be renamed, and neither written over nor removed. */
const replaceProgram = async (from: string, to: string): Promise<void> => {
  await mkdir(win32.dirname(to), { recursive: true });
  await copyFile(from, `${to}.new`);
  if (existsSync(to)) {
    await unlink(`${to}.old`).catch(() => {});
    await rename(to, `${to}.old`);
  }
  await rename(`${to}.new`, to);
  if (existsSync(`${to}.old`))
    await unlink(`${to}.old`).catch(() => removeWhenRestarted(`${to}.old`));
};

/** What is in use goes when the computer starts next: this very program and its addon, above all. */
const removeAll = async (path: string): Promise<readonly string[]> => {
  if (!existsSync(path)) return [];
  const later = await removeTree(path);
  if (later.every(removeWhenRestarted)) {
    return later.length === 0
      ? [`${path} is removed.`]
      : [`${path} is removed when the computer starts next: some of it is in use.`];
  }
  throw new UsherError(
    'REFUSED',
    `Cannot remove ${path}: some of it is in use. Remove it by hand.`,
  );
};

/** Removes what can be removed; returns the rest, files before their folders. */
const removeTree = async (folder: string): Promise<readonly string[]> => {
  const later: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = win32.join(folder, entry.name);
    if (entry.isDirectory()) later.push(...(await removeTree(path)));
    else await unlink(path).catch(() => later.push(path));
  }
  await rmdir(folder).catch(() => later.push(folder));
  return later;
};

const PROGRAM_MS = 60_000;
const runWithin = toolWithin(PROGRAM_MS);

const runProgram = async ({
  program,
  words,
  complaint,
}: Extract<Step, { kind: 'run' }>): Promise<readonly string[]> => {
  const { status, out, err } = await runWithin([program, ...words]);
  if (status === 0) return out.trim() === '' ? [] : [out.trim()];
  return complaint === null ? [] : [`${complaint}: ${err.trim() || `it ended with ${status}`}`];
};

const attempting = async (path: string, act: () => Promise<unknown>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const kind = code === 'EPERM' || code === 'EACCES' ? 'NOT_PERMITTED' : 'FOLDER_UNUSABLE';
    throw new UsherError(kind, `Cannot write ${path}: ${systemReason(error)}.`, error);
  }
};
