/** Every command, in the order of the help. */

import type { Command } from './command.ts';
import { auditHead } from './commands/audit-head.ts';
import { auditShow } from './commands/audit-show.ts';
import { auditVerify } from './commands/audit-verify.ts';
import { backup } from './commands/backup.ts';
import { borrow } from './commands/borrow.ts';
import { childAnswer } from './commands/child-answer.ts';
import { childCreate } from './commands/child-create.ts';
import { childList } from './commands/child-list.ts';
import { childRemove } from './commands/child-remove.ts';
import { childResume } from './commands/child-resume.ts';
import { childShow } from './commands/child-show.ts';
import { childSuspend } from './commands/child-suspend.ts';
import { childUpdate } from './commands/child-update.ts';
import { clientSet } from './commands/client-set.ts';
import { clientShow } from './commands/client-show.ts';
import { clientUnset } from './commands/client-unset.ts';
import { clockReset } from './commands/clock-reset.ts';
import { makeCompletion } from './commands/completion.ts';
import { configCheck } from './commands/config-check.ts';
import { configReload } from './commands/config-reload.ts';
import { configShow } from './commands/config-show.ts';
import { consoleOpen } from './commands/console-open.ts';
import { consolePassword } from './commands/console-password.ts';
import { discover } from './commands/discover.ts';
import { doctor } from './commands/doctor.ts';
import { draw } from './commands/draw.ts';
import { firewallClose } from './commands/firewall-close.ts';
import { firewallOpen } from './commands/firewall-open.ts';
import { firewallShow } from './commands/firewall-show.ts';
import { hardware } from './commands/hardware.ts';
import { hostAdopt } from './commands/host-adopt.ts';
import { hostPrepare } from './commands/host-prepare.ts';
import { licenseActivate } from './commands/license-activate.ts';
import { licenseAdd } from './commands/license-add.ts';
import { licenseDeactivate } from './commands/license-deactivate.ts';
import { licenseExport } from './commands/license-export.ts';
import { licenseList } from './commands/license-list.ts';
import { licenseRefresh } from './commands/license-refresh.ts';
import { licenseRemove } from './commands/license-remove.ts';
import { licenseRestore } from './commands/license-restore.ts';
import { licenseShow } from './commands/license-show.ts';
import { licenses } from './commands/licenses.ts';
import { log } from './commands/log.ts';
import { logRecord } from './commands/log-record.ts';
import { masterAccount } from './commands/master-account.ts';
import { masterActivation } from './commands/master-activation.ts';
import { masterAudit } from './commands/master-audit.ts';
import { masterClock } from './commands/master-clock.ts';
import { masterCustomer } from './commands/master-customer.ts';
import { masterLicense } from './commands/master-license.ts';
import { masterRevocations } from './commands/master-revocations.ts';
import { masterServe } from './commands/master-serve.ts';
import { masterStatus } from './commands/master-status.ts';
import { reportDenials } from './commands/report-denials.ts';
import { reportIdle } from './commands/report-idle.ts';
import { reportPeaks } from './commands/report-peaks.ts';
import { reportUsage } from './commands/report-usage.ts';
import { reportUsers } from './commands/report-users.ts';
import { resourceActivate } from './commands/resource-activate.ts';
import { resourceAdd } from './commands/resource-add.ts';
import { resourceList } from './commands/resource-list.ts';
import { resourceRemove } from './commands/resource-remove.ts';
import { restore } from './commands/restore.ts';
import { returnSeat } from './commands/return.ts';
import { rulesAdd } from './commands/rules-add.ts';
import { rulesCheck } from './commands/rules-check.ts';
import { rulesHelp } from './commands/rules-help.ts';
import { rulesReload } from './commands/rules-reload.ts';
import { rulesRemove } from './commands/rules-remove.ts';
import { rulesShow } from './commands/rules-show.ts';
import { run } from './commands/run.ts';
import { seatDisconnect } from './commands/seat-disconnect.ts';
import { seatExclude } from './commands/seat-exclude.ts';
import { seatLimit } from './commands/seat-limit.ts';
import { seatList } from './commands/seat-list.ts';
import { seatReserve } from './commands/seat-reserve.ts';
import { serve } from './commands/serve.ts';
import { serviceInstall } from './commands/service-install.ts';
import { serviceLogs } from './commands/service-logs.ts';
import { serviceRestart } from './commands/service-restart.ts';
import { serviceStart } from './commands/service-start.ts';
import { serviceStatus } from './commands/service-status.ts';
import { serviceStop } from './commands/service-stop.ts';
import { serviceUninstall } from './commands/service-uninstall.ts';
import { siteForget } from './commands/site-forget.ts';
import { siteJoin } from './commands/site-join.ts';
import { siteLeave } from './commands/site-leave.ts';
import { sitePlan } from './commands/site-plan.ts';
import { siteStatus } from './commands/site-status.ts';
import { status } from './commands/status.ts';
import { storeCheck } from './commands/store-check.ts';
import { storeRepair } from './commands/store-repair.ts';
import { top } from './commands/top.ts';
import { update } from './commands/update.ts';
import { userAssign } from './commands/user-assign.ts';
import { userList } from './commands/user-list.ts';
import { userRecall } from './commands/user-recall.ts';
import { vendorActivate } from './commands/vendor-activate.ts';
import { vendorActivation } from './commands/vendor-activation.ts';
import { vendorCertify } from './commands/vendor-certify.ts';
import { vendorInspect } from './commands/vendor-inspect.ts';
import { vendorIssue } from './commands/vendor-issue.ts';
import { vendorKeygen } from './commands/vendor-keygen.ts';
import { vendorRevoke } from './commands/vendor-revoke.ts';

export const COMMANDS: readonly Command[] = [
  serve,
  status,
  top,
  licenseAdd,
  licenseList,
  licenseShow,
  licenseActivate,
  licenseRefresh,
  licenseDeactivate,
  licenseExport,
  licenseRemove,
  licenseRestore,
  seatList,
  seatDisconnect,
  seatReserve,
  seatExclude,
  seatLimit,
  userList,
  userAssign,
  userRecall,
  resourceList,
  resourceAdd,
  resourceActivate,
  resourceRemove,
  childCreate,
  childList,
  childShow,
  childUpdate,
  childSuspend,
  childResume,
  childRemove,
  childAnswer,
  siteStatus,
  sitePlan,
  siteJoin,
  siteLeave,
  siteForget,
  rulesShow,
  rulesCheck,
  rulesAdd,
  rulesRemove,
  rulesReload,
  rulesHelp,
  clockReset,
  log,
  logRecord,
  reportUsage,
  reportPeaks,
  reportDenials,
  reportUsers,
  reportIdle,
  auditShow,
  auditVerify,
  auditHead,
  consoleOpen,
  consolePassword,
  doctor,
  serviceInstall,
  serviceUninstall,
  serviceStart,
  serviceStop,
  serviceRestart,
  serviceStatus,
  serviceLogs,
  configShow,
  configCheck,
  configReload,
  discover,
  run,
  borrow,
  returnSeat,
  draw,
  clientSet,
  clientShow,
  clientUnset,
  hardware,
  hostAdopt,
  hostPrepare,
  firewallShow,
  firewallOpen,
  firewallClose,
  backup,
  restore,
  storeCheck,
  storeRepair,
  vendorKeygen,
  vendorCertify,
  vendorRevoke,
  vendorIssue,
  vendorInspect,
  vendorActivate,
  vendorActivation,
  masterServe,
  masterStatus,
  masterCustomer,
  masterAccount,
  masterLicense,
  masterActivation,
  masterAudit,
  masterRevocations,
  masterClock,
  update,
  makeCompletion(() => COMMANDS),
  licenses,
];
