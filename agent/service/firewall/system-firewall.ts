/** The firewall of this computer: which one it is, what it does now, and changing it. */

import { platform } from 'node:process';
import { runTool, type Tool } from '../../edges/system-tool.ts';
import { UsherError } from '../../usher-error.ts';
import { type FirewallSurvey, type FirewallWish, type Step, stepToText } from './firewall.ts';
import { surveyFirewalld } from './firewalld.ts';
import { surveyIptables } from './iptables.ts';
import { surveyNftables } from './nftables.ts';
import { surveyUfw } from './ufw.ts';
import { surveyWindows } from './windows-firewall.ts';

/**
 * Finds the firewall in charge. What manages the rules of others comes first: firewalld and ufw
 * would undo what is written behind their backs. Codes: NOT_PERMITTED, REFUSED.
 */
export const surveyFirewall = async (
  wish: FirewallWish,
  tool: Tool = runTool,
): Promise<FirewallSurvey> => {
  if (platform === 'win32') return surveyOrRefuse(await surveyWindows(tool, wish));
  if (process.getuid?.() !== 0) {
    throw new UsherError(
      'NOT_PERMITTED',
      'Only root may look at the firewall and change it: run this with sudo.',
    );
  }
  for (const survey of [surveyFirewalld, surveyUfw]) {
    const found = await survey(tool, wish);
    if (found !== undefined) return found;
  }
  return surveyPlain(tool, wish);
};

const surveyOrRefuse = (found: FirewallSurvey | undefined): FirewallSurvey => {
  if (found !== undefined) return found;
  throw new UsherError(
    'REFUSED',
    'PowerShell does not say how the firewall of Windows stands. Look in `wf.msc`, or run this as administrator.',
  );
};

/** Rules of nftables and of iptables may both be in force: then a packet must pass both. */
const surveyPlain = async (tool: Tool, wish: FirewallWish): Promise<FirewallSurvey> => {
  const nftables = await surveyNftables(tool, wish);
  const iptables = await surveyIptables(tool, wish);
  if (nftables === undefined || iptables === undefined) return nftables ?? iptables ?? NOTHING;
  return {
    ...nftables,
    state: `${nftables.state} ${iptables.state}`,
    isOpen: nftables.isOpen && iptables.isOpen,
    isNamedByOthers: nftables.isNamedByOthers || iptables.isNamedByOthers,
    own: [...nftables.own, ...iptables.own],
    warnings: [...nftables.warnings, ...iptables.warnings],
    open: [...nftables.open, ...iptables.open],
    close: [...nftables.close, ...iptables.close],
  };
};

const NOTHING: FirewallSurvey = {
  firewall: 'none',
  state: 'No firewall of this computer filters what comes in.',
  isOpen: true,
  isNamedByOthers: false,
  own: [],
  refusal: null,
  warnings: [],
  open: [],
  close: [],
};

/** Runs the steps in order. Codes: REFUSED with what the tool says, NOT_PERMITTED. */
export const runSteps = async (steps: readonly Step[], tool: Tool = runTool): Promise<void> => {
  for (const step of steps) {
    const { status, out, err } = await tool(step);
    if (status === 0) continue;
    const said = (err.trim() || out.trim() || `it ended with ${status}`).slice(0, 1000);
    // Windows alone tells only now that this user may not.
    const code = /access is denied|PermissionDenied/i.test(said) ? 'NOT_PERMITTED' : 'REFUSED';
    throw new UsherError(code, `\`${stepToText(step)}\` failed: ${said}`);
  }
};
