/** Every command, in the order of the help. */

import type { Command } from './command.ts';
import { backup } from './commands/backup.ts';
import { borrow } from './commands/borrow.ts';
import { clientSet } from './commands/client-set.ts';
import { clientShow } from './commands/client-show.ts';
import { clientUnset } from './commands/client-unset.ts';
import { discover } from './commands/discover.ts';
import { draw } from './commands/draw.ts';
import { hardware } from './commands/hardware.ts';
import { licenseAdd } from './commands/license-add.ts';
import { licenseList } from './commands/license-list.ts';
import { licenseRemove } from './commands/license-remove.ts';
import { licenseShow } from './commands/license-show.ts';
import { restore } from './commands/restore.ts';
import { returnSeat } from './commands/return.ts';
import { run } from './commands/run.ts';
import { seatDisconnect } from './commands/seat-disconnect.ts';
import { seatList } from './commands/seat-list.ts';
import { serve } from './commands/serve.ts';
import { status } from './commands/status.ts';
import { storeCheck } from './commands/store-check.ts';
import { storeRepair } from './commands/store-repair.ts';
import { vendorInspect } from './commands/vendor-inspect.ts';
import { vendorIssue } from './commands/vendor-issue.ts';
import { vendorKeygen } from './commands/vendor-keygen.ts';

export const COMMANDS: readonly Command[] = [
  serve,
  status,
  licenseAdd,
  licenseList,
  licenseShow,
  licenseRemove,
  seatList,
  seatDisconnect,
  discover,
  run,
  borrow,
  returnSeat,
  draw,
  clientSet,
  clientShow,
  clientUnset,
  hardware,
  backup,
  restore,
  storeCheck,
  storeRepair,
  vendorKeygen,
  vendorIssue,
  vendorInspect,
];
