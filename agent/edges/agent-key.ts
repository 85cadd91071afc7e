/**
 * The file of the agent's key: the secret, sealed by the operating system where that is offered, and
 * what tells the agent's own computer from others. Read by the agent's user alone.
 */

import { readFile, rename, writeFile } from 'node:fs/promises';
import { bytesToHex, equalBytes, hexToBytes } from '../../protocol/bytes.ts';
import { Fields } from '../../protocol/fields.ts';
import { HOST_COMPONENTS_MAX, KEY_SIZE } from '../../protocol/limits.ts';
import { pack, unpack, type Value } from '../../protocol/msgpack.ts';
import type { Entropy } from '../../protocol/node/entropy.ts';
import { hmacSha256 } from '../../protocol/node/hmac.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { epochSeconds } from '../../protocol/units.ts';
import type { HostIdentity, KeptHost } from '../core/host/host-identity.ts';
import { LICENSES_MAX } from '../core/licenses/license-shelf.ts';
import { UsherError } from '../usher-error.ts';
import type { KeySeal } from './key-seal.ts';

const MAGIC = 'usher agent key 1';
const ENTRY_SIZE = 9;
const SEALED_MAX = 4096;
const MAC_SIZE = 32;
/** Characters of the name of what is bound to the computer. */
const BOUND_NAME_MAX = 64;

/** A key as it lies in its file. */
interface StoredKey {
  readonly publicKey: Uint8Array;
  /** The name of the seal; empty for none. */
  readonly seal: string;
  readonly sealed: Uint8Array;
  readonly identity: HostIdentity | null;
  /** Over the identity, with the secret: nobody else can change it. */
  readonly mac: Uint8Array;
}

/** A key that can be used. */
interface OpenKey {
  readonly secret: Uint8Array;
  readonly identity: HostIdentity | null;
}

export class AgentKey {
  /** The agent's X25519 secret. */
  readonly secret: Uint8Array;
  readonly kept: KeptHost;
  readonly #file: string;
  readonly #seal: KeySeal | undefined;

  private constructor(file: string, secret: Uint8Array, kept: KeptHost, seal?: KeySeal) {
    this.#file = file;
    this.secret = secret;
    this.kept = kept;
    this.#seal = seal;
  }

  /**
   * Opens it; made at the first start, it is the same ever after. One that is sealed for another
   * computer stays as it is, and another takes its place until the agent ends. `seals`: those of this
   * computer, the best first. `claimed`: nobody else writes the file from then on; where it rejects,
   * so does this. Codes: KEY_UNUSABLE, FOLDER_UNUSABLE.
   */
  static async open(
    file: string,
    seals: readonly KeySeal[],
    entropy: Entropy,
    claimed: Promise<unknown> = Promise.resolve(),
  ): Promise<AgentKey> {
    const [seal] = seals;
    // What is wrong is said when it is known whose the folder is.
    claimed.catch(() => {});
    const before = await readKeyFile(file);
    const finding = find(before, file, seals, entropy);
    finding.catch(() => {});
    await claimed;
    const bytes = await readKeyFile(file);
    if (!isSame(before, bytes)) return AgentKey.open(file, seals, entropy);
    const { stored, opened } = await finding;
    if (opened === undefined) return new AgentKey(file, entropy(KEY_SIZE), 'lost');
    const key = new AgentKey(file, opened.secret, opened.identity ?? 'new', seal);
    // Also where it was kept by an earlier version, or came from a backup.
    if (stored?.seal !== (seal?.name ?? '') || bytes?.length === KEY_SIZE) {
      await key.#write(opened.identity);
    }
    return key;
  }

  /** What the file says, if there is one and it can be opened here. Code: KEY_UNUSABLE. */
  static async read(file: string, seals: readonly KeySeal[]): Promise<OpenKey | undefined> {
    const bytes = await readKeyFile(file);
    return bytes && unseal(parseKey(bytes, file), seals, file);
  }

  /** Keeps by what the agent's computer is told from now on. */
  async keep(identity: HostIdentity): Promise<void> {
    if (this.kept !== 'lost') await this.#write(identity);
  }

  async #write(identity: HostIdentity | null): Promise<void> {
    const sealed = await this.#seal?.seal(this.secret);
    const draft = `${this.#file}.new`;
    const bytes = keyToBytes(
      { secret: this.secret, identity },
      sealed === undefined ? undefined : { name: this.#seal?.name ?? '', sealed },
    );
    await writeFile(draft, bytes, { mode: 0o600, flush: true });
    await rename(draft, this.#file);
  }
}

interface FoundKey {
  readonly stored: StoredKey | undefined;
  /** `undefined`: it is sealed for another computer. */
  readonly opened: OpenKey | undefined;
}

/** The key of the file, or one that was just made. Code: KEY_UNUSABLE. */
const find = async (
  bytes: Uint8Array | undefined,
  file: string,
  seals: readonly KeySeal[],
  entropy: Entropy,
): Promise<FoundKey> => {
  const stored = bytes && parseKey(bytes, file);
  if (stored !== undefined) return { stored, opened: await unseal(stored, seals, file) };
  const secret = entropy(KEY_SIZE);
  // Whoever waits for the folder has the time; it is remembered.
  publicKeyOf(secret);
  return { stored, opened: { secret, identity: null } };
};

const isSame = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
  one === undefined || other === undefined ? one === other : equalBytes(one, other);

/** The key of a file as a backup has it, which any computer can open. */
export const exportKey = async (
  bytes: Uint8Array,
  seals: readonly KeySeal[],
  file: string,
): Promise<Uint8Array> => {
  const opened = await unseal(parseKey(bytes, file), seals, file);
  return opened === undefined ? bytes : keyToBytes(opened);
};

/** The same key for whichever computer the agent starts on next. Code: KEY_UNUSABLE. */
export const forgetHost = async (bytes: Uint8Array, file: string): Promise<Uint8Array> => {
  const opened = await unseal(parseKey(bytes, file), [], file);
  return opened === undefined ? bytes : keyToBytes({ ...opened, identity: null });
};

const readKeyFile = (file: string): Promise<Uint8Array | undefined> =>
  readFile(file).then(
    (bytes) => new Uint8Array(bytes),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );

const damaged = (file: string): UsherError =>
  new UsherError(
    'KEY_UNUSABLE',
    `${file} is damaged: bring it back from a backup with \`usher restore FILE\`.`,
  );

const publicKeyOf = (secret: Uint8Array): Uint8Array =>
  nativePrimitives.agreementKeys(secret).publicKey;

const macOf = (secret: Uint8Array, identity: HostIdentity | null): Uint8Array =>
  hmacSha256(
    secret,
    Buffer.concat([Buffer.from('usher agent host\0'), pack(identityToValue(identity))]),
  );

const keyToBytes = (
  { secret, identity }: OpenKey,
  { name, sealed }: { readonly name: string; readonly sealed: Uint8Array } = {
    name: '',
    sealed: secret,
  },
): Uint8Array =>
  pack([
    MAGIC,
    publicKeyOf(secret),
    name,
    sealed,
    identityToValue(identity),
    new Uint8Array(macOf(secret, identity)),
  ]);

const identityToValue = (identity: HostIdentity | null): Value =>
  identity === null
    ? null
    : [
        identity.parts.map(({ entry, seen }) => [hexToBytes(entry) ?? new Uint8Array(0), seen]),
        [...identity.accepted],
      ];

const readIdentity = (fields: Fields): HostIdentity =>
  fields.exactly((identity) => ({
    parts: identity.list(HOST_COMPONENTS_MAX, (parts) =>
      parts.exactly((part) => ({
        entry: bytesToHex(part.bytes(ENTRY_SIZE)),
        seen: epochSeconds(part.uint()),
      })),
    ),
    accepted: identity.list(LICENSES_MAX, (names) => names.text(BOUND_NAME_MAX, 1)),
  }));

/** The secret alone is how versions before kept it: such an agent knows no computer yet. */
const parseKey = (bytes: Uint8Array, file: string): StoredKey => {
  if (bytes.length === KEY_SIZE) {
    const mac = new Uint8Array(macOf(bytes, null));
    return { publicKey: publicKeyOf(bytes), seal: '', sealed: bytes, identity: null, mac };
  }
  const fields = new Fields(unpack(bytes));
  const magic = fields.text(MAGIC.length);
  const stored: StoredKey = {
    publicKey: fields.bytes(KEY_SIZE).slice(),
    seal: fields.text(16),
    sealed: fields.bytesUpTo(SEALED_MAX).slice(),
    identity: fields.optional(readIdentity),
    mac: fields.bytes(MAC_SIZE).slice(),
  };
  if (!fields.complete || magic !== MAGIC) throw damaged(file);
  return stored;
};

/** `undefined`: its seal is not of this computer. Code: KEY_UNUSABLE. */
const unseal = async (
  { publicKey, seal: name, sealed, identity, mac }: StoredKey,
  seals: readonly KeySeal[],
  file: string,
): Promise<OpenKey | undefined> => {
  const seal = seals.find((one) => one.name === name);
  const secret = name === '' ? sealed : await seal?.open(sealed);
  if (secret === undefined) return undefined;
  const isWhole =
    secret.length === KEY_SIZE &&
    equalBytes(publicKeyOf(secret), publicKey) &&
    equalBytes(macOf(secret, identity), mac);
  if (!isWhole) throw damaged(file);
  return { secret, identity };
};
