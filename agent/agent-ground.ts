/** What an agent stands on: its data folder with store and key, and the computer that it runs on. */

import { existsSync } from 'node:fs';
import { UdpSocket } from '../protocol/node/udp-socket.ts';
import type { HostVerdict } from './core/host/host-verdict.ts';
import type { AgentKey } from './edges/agent-key.ts';
import { DataFolder, suffixOf } from './edges/data-folder.ts';
import { readHostSigns as readSystemSigns } from './edges/host-facts/host-signs.ts';
import { HostLook, systemLookClocks } from './edges/host-look.ts';
import { MarkPlaces } from './edges/mark-places.ts';
import { readOwnHostCode } from './edges/own-host-code.ts';
import type { StoreKeeper } from './edges/store-keeper.ts';
import { openKey, openStore, unlessIn } from './open-store.ts';

export interface HostParts {
  readonly judgeHost: () => Promise<HostVerdict>;
  /** The computer's plain host code. */
  readonly readHostCode?: () => Promise<Uint8Array>;
  /** A text that changes when the host could have become another one. */
  readonly readHostSigns?: () => string;
}

export interface AgentGround {
  readonly folder: DataFolder;
  readonly store: StoreKeeper;
  readonly key: AgentKey;
  /** Where marks of licenses are kept beside the store. */
  readonly places: MarkPlaces;
  readonly hostLook: HostLook;
}

/** Opens the folder `data`; how to let go of it is put into `undo`. */
export const openGround = async (
  host: HostParts,
  data: string,
  undo: (() => Promise<void>)[],
): Promise<AgentGround> => {
  const folder = new DataFolder(data);
  await folder.prepare();
  if (existsSync(folder.restoring)) await goOnRestoring(folder);
  const claiming = claimStore(folder, undo);
  claiming.catch(() => {});
  // The store is asked for before anything else is loaded: until it is claimed the disk is at work.
  await new Promise(setImmediate);
  const openingKey = openKey(folder, claiming);
  openingKey.catch(() => {});
  const hostLook = openLook(host);
  UdpSocket.prepare();
  const store = await claiming;
  const places = MarkPlaces.of(folder, process.env);
  return { folder, store, key: await openingKey, places, hostLook };
};

const goOnRestoring = async (folder: DataFolder): Promise<void> => {
  const { finishRestore } = await import('./edges/finish-restore.ts');
  await finishRestore(folder, () => suffixOf(new Date()));
};

/** The store of a folder that is this agent's alone from then on. */
const claimStore = async (
  folder: DataFolder,
  undo: (() => Promise<void>)[],
): Promise<StoreKeeper> => {
  const store = await openStore(folder);
  undo.push(() => store.close());
  await unlessIn(store.trouble, folder.claim(process.pid));
  undo.push(() => folder.unclaim());
  return store;
};

/** Done while the store is opened. Whoever asks next gets this look. */
const openLook = ({
  judgeHost,
  readHostSigns = readSystemSigns,
  readHostCode = readOwnHostCode,
}: HostParts): HostLook => {
  const look = new HostLook({
    judge: async () => {
      const [verdict, code] = await Promise.all([judgeHost(), readHostCode()]);
      return { verdict, code };
    },
    readSigns: readHostSigns,
    ...systemLookClocks,
  });
  look.look(() => {}).catch(() => {});
  return look;
};
