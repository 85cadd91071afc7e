/** The folder in which a vendor without a server keeps who has what. */

import { createSystemClock } from '../../protocol/node/clock.ts';
import { DataFolder } from '../edges/data-folder.ts';
import { openMaster } from '../open-master.ts';
import { UsherError } from '../usher-error.ts';
import type { Caller, MasterOperation, MasterOutcome } from '../vendor/master/master-operations.ts';
import type { VendorSigner } from '../vendor/vendor-key.ts';
import type { Arguments, Command, Invocation } from './command.ts';

export const LEDGER_FLAG = {
  ledger: {
    kind: 'text',
    value: 'FOLDER',
    summary: 'where is kept who has what; a master can serve it later [default: usher-ledger]',
  },
} as const satisfies Command['flags'];

export interface VendorLedger extends AsyncDisposable {
  /** Code of what it refuses: REFUSED. */
  readonly operate: (asked: MasterOperation) => Promise<MasterOutcome>;
}

/** The ledger of --ledger, for a command of this name. Codes: those of opening a master's folder. */
export const openLedger = async (
  { args, terminal }: Invocation,
  { keys }: VendorSigner,
  name: string,
): Promise<VendorLedger> => {
  const folder = folderOf(args);
  const say = (sentence: string): void => terminal.err(`${sentence}\n`);
  const clock = createSystemClock();
  const opened = await openMaster({ folder, keys, clock, away: null, say });
  const caller: Caller = { name, from: 'this computer', customer: null };
  return {
    operate: async (asked) => {
      const outcome = await opened.driver.operate(asked, caller);
      if (outcome.kind === 'refused') throw new UsherError('REFUSED', outcome.sentence);
      return outcome;
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
};

/** A mistyped ledger is neither made nor called empty. Code: FOLDER_UNUSABLE. */
export const demandLedger = async (args: Arguments): Promise<void> => {
  const folder = folderOf(args);
  if (await folder.isUsed()) return;
  throw new UsherError(
    'FOLDER_UNUSABLE',
    `${folder.path} keeps nothing yet: name the ledger with --ledger, or begin one with \`usher vendor activate\`.`,
  );
};

const folderOf = (args: Arguments): DataFolder =>
  new DataFolder(args.text('ledger') ?? 'usher-ledger');
