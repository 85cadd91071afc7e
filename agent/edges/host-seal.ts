/**
 * The seal that systemd offers: a secret that it has encrypted for this computer, with its security
 * chip where there is one, and that root lays open in memory before the service starts. In a copied
 * data folder it stays shut.
 */

import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';
import type { KeySeal } from './key-seal.ts';
import type { Tool } from './system-tool.ts';

const NONCE_SIZE = 12;
const TAG_SIZE = 16;
const SECRET_SIZE = 32;
/** The name that systemd binds it to. */
const NAME = 'usher-seal';

/** Where the open secret of a data folder lies: each has its own. */
const openSecretFile = (memory: string, folder: DataFolder): string => {
  const place = hash('sha256', folder.path).slice(0, 16);
  return join(memory, `seal-${place}`);
};

/** The seal of a data folder, where root has laid it open. */
export const findHostSeal = (memory: string, folder: DataFolder): KeySeal | undefined => {
  const secret = readSecret(openSecretFile(memory, folder));
  return secret && sealWith(secret);
};

const readSecret = (file: string): Uint8Array | undefined => {
  try {
    const secret = new Uint8Array(readFileSync(file));
    return secret.length === SECRET_SIZE ? secret : undefined;
  } catch {
    return undefined;
  }
};

const sealWith = (key: Uint8Array): KeySeal => ({
  name: 'systemd',
  seal: async (secret) => {
    const nonce = randomBytes(NONCE_SIZE);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
    return new Uint8Array(Buffer.concat([nonce, sealed, cipher.getAuthTag()]));
  },
  open: async (sealed) => {
    if (sealed.length < NONCE_SIZE + TAG_SIZE) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_SIZE));
    decipher.setAuthTag(sealed.subarray(-TAG_SIZE));
    try {
      const open = decipher.update(sealed.subarray(NONCE_SIZE, -TAG_SIZE));
      return new Uint8Array(Buffer.concat([open, decipher.final()]));
    } catch {
      return undefined;
    }
  },
});

export type SealLaid =
  | 'open'
  /** The system has no such tool, or it cannot encrypt. */
  | 'not-offered'
  /** It was made on another computer, or its security chip has forgotten it. */
  | 'shut';

/**
 * Lays the secret open for the owner of the data folder; made at the first time. Needs root. `memory`:
 * a folder that does not outlive a start of the computer.
 */
export const layHostSeal = async (
  folder: DataFolder,
  memory: string,
  run: Tool,
): Promise<SealLaid> => {
  const target = openSecretFile(memory, folder);
  await rm(target, { force: true });
  // Nobody but root looks in here while it is made.
  const workshop = join(memory, `work-${process.pid}`);
  await mkdir(workshop, { mode: 0o700 });
  try {
    if (!existsSync(folder.seal) && !(await makeSealed(folder, workshop, run)))
      return 'not-offered';
    const open = join(workshop, 'open');
    const { status } = await run(['systemd-creds', 'decrypt', `--name=${NAME}`, folder.seal, open]);
    if (status !== 0 || readSecret(open) === undefined)
      return status === null ? 'not-offered' : 'shut';
    const { uid, gid } = await stat(folder.path);
    await chown(open, uid, gid);
    await chmod(open, 0o400);
    await rename(open, target);
    return 'open';
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
};

/** Not bound to the state of the firmware (PCRs): an update of it must not lock anybody out. */
const makeSealed = async (folder: DataFolder, workshop: string, run: Tool): Promise<boolean> => {
  const [fresh, sealed] = [join(workshop, 'fresh'), join(workshop, 'sealed')];
  await writeFile(fresh, randomBytes(SECRET_SIZE), { mode: 0o600 });
  const words = ['systemd-creds', 'encrypt', `--name=${NAME}`, '--tpm2-pcrs=', fresh, sealed];
  if ((await run(words)).status !== 0) return false;
  // Its folder is another user's: what lies there under the name is not followed.
  const options = { mode: 0o600, flag: 'wx', flush: true } as const;
  await writeFile(folder.seal, await readFile(sealed), options);
  return true;
};
