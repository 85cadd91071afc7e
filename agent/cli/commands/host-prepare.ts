import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { platform } from 'node:process';
import { makeHostCode } from '../../../protocol/host-code.ts';
import { toHostComponents } from '../../../protocol/host-component.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { DataFolder } from '../../edges/data-folder.ts';
import { layHostSeal, type SealLaid } from '../../edges/host-seal.ts';
import { ROOT_FOLDER, ROOT_HOST_CODE } from '../../edges/own-host-code.ts';
import { readRootHostValues } from '../../edges/root-host-values.ts';
import { runTool } from '../../edges/system-tool.ts';
import { systemReason } from '../../system-reason.ts';
import { UsherError } from '../../usher-error.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const SEALS: Readonly<Record<SealLaid, string>> = {
  open: "The agent's key is sealed by systemd.",
  'not-offered': "This system does not seal the agent's key.",
  shut: 'What systemd has sealed cannot be opened on this computer.',
};

export const hostPrepare: Command = {
  name: 'host prepare',
  summary:
    'As root, before the service starts: lay out in memory what the agent may not read by itself',
  positionals: [],
  flags: {},
  settings: ['data'],
  run: async ({ terminal, settings }) => {
    if (platform !== 'linux' || process.getuid?.() !== 0) {
      throw new UsherError('NOT_PERMITTED', 'This is for root on Linux, and done by the service.');
    }
    const folder = new DataFolder(settings().data);
    try {
      await mkdir(ROOT_FOLDER, { recursive: true, mode: 0o711 });
      await chmod(ROOT_FOLDER, 0o711);
      const components = toHostComponents(readRootHostValues('/'));
      await layHostCode(makeHostCode(components, nativePrimitives.sha512));
      const kinds = components.map(({ kind }) => kind).join(', ') || 'nothing';
      terminal.out(`Seen as root: ${kinds}.\n`);
      terminal.out(`${SEALS[await layHostSeal(folder, ROOT_FOLDER, runTool)]}\n`);
    } catch (error) {
      const why = systemReason(error);
      throw new UsherError('REFUSED', `${ROOT_FOLDER} cannot be laid out: ${why}.`, error);
    }
    return EXIT.done;
  },
};

const layHostCode = async (code: Uint8Array): Promise<void> => {
  await writeFile(`${ROOT_HOST_CODE}.new`, code, { mode: 0o644 });
  await chmod(`${ROOT_HOST_CODE}.new`, 0o644);
  await rename(`${ROOT_HOST_CODE}.new`, ROOT_HOST_CODE);
};
