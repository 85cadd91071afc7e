/** Failures in words that a person in front of an application can act on. */

import { endpointToText } from '../endpoint.ts';
import { PROOF_FAULTS } from '../proof.ts';
import { REFUSALS, type RefusalCode } from '../refusal.ts';
import { unreachable } from '../result.ts';
import type { AgentSeen, Distrust, LossCode, SeatFailure } from './seat-events.ts';

/** A stable code for programs, a sentence for the user, a hint for who can mend it. */
export interface Explanation {
  readonly code: string;
  readonly sentence: string;
  readonly administrator: string;
}

const DISTRUST: Record<Distrust, string> = {
  'not-proven': 'it could not show its license',
  ...PROOF_FAULTS,
  'other-product': 'its license is for another product',
  standalone: 'its license is for one computer and cannot be lent',
  'other-resource': 'its license is for another database or project',
  'no-class': 'its license has no seats of the class that was asked for',
  'no-feature': 'its license does not cover a feature that was asked for',
  'no-version': 'its license does not cover this version of the application',
  'no-maintenance': 'its license covers older versions of the application only',
  'too-few': 'its licenses have fewer seats than it grants',
};

const agentName = (agent: AgentSeen): string => `${agent.name} (${endpointToText(agent.endpoint)})`;

export const explainFailure = (failure: SeatFailure, product: string): Explanation => {
  switch (failure.kind) {
    case 'no-agent':
      return {
        code: 'no-agent',
        sentence: `No license agent for ${product} answered on this network.`,
        administrator:
          'Start one with `usher serve`; behind a router or a firewall give its address in USHER_AGENT.',
      };
    case 'refused':
      return explainRefusal(failure, product);
    case 'untrusted':
      return {
        code: `untrusted-${failure.reason}`,
        sentence: `The license agent ${agentName(failure.agent)} is not believed: ${DISTRUST[failure.reason]}.`,
        administrator: 'Check its license with `usher license list`, and who runs it.',
      };
    case 'no-common-version':
      return {
        code: 'no-common-version',
        sentence:
          `The license agent ${agentName(failure.agent)} speaks protocol ${failure.theirs.oldest} to ` +
          `${failure.theirs.newest}, which this application does not.`,
        administrator:
          'Update the agent or the application; `usher --version` tells which is older.',
      };
    case 'silent':
      return {
        code: 'silent',
        sentence: `The license agent ${agentName(failure.agent)} was found but does not answer.`,
        administrator: 'See whether it runs with `usher status`; a firewall may drop its answers.',
      };
    case 'too-long':
      return {
        code: 'too-long',
        sentence: 'The request names more, or with longer names, than fits into one datagram.',
        administrator:
          'Ask for fewer features at a time, with shorter names; see `usher license list`.',
      };
    default:
      return unreachable(failure);
  }
};

/** Some seats are free, but more were asked for at once, or others have waited longer. */
const TOO_FEW_FREE =
  'The seats that are free are too few, or others wait for them. Try again in a while.';

const explainRefusal = (
  failure: Extract<SeatFailure, { kind: 'refused' }>,
  product: string,
): Explanation => {
  const { administrator } = REFUSALS[failure.code];
  const isShort = failure.code === 'no-seat' && failure.inUse < failure.seats;
  const sentence = isShort ? TOO_FEW_FREE : REFUSALS[failure.code].sentence;
  const counts = failure.seats > 0 ? ` (${failure.inUse} of ${failure.seats} in use)` : '';
  return {
    code: failure.code,
    sentence: `${product}: ${sentence}${counts} [${agentName(failure.agent)}]`,
    administrator,
  };
};

/** The settings for applications on this computer cannot be read; `fault` is a sentence. */
export const explainBrokenSettings = (fault: string): Explanation => ({
  code: 'broken-settings',
  sentence: fault,
  administrator: 'Mend the line, or take it out; then look with `usher client show`.',
});

/** Why a seat that is held is not renewed, and what helps. */
export const explainEnding = (code: RefusalCode): Explanation => ({ code, ...pick(code) });

/** Why a seat that was held is held no more. */
export const explainLoss = (agent: AgentSeen, code: LossCode): Explanation => {
  if (code !== 'not-renewed') return { code, ...pick(code) };
  return {
    code,
    sentence: `The seat was lost: the license agent ${agentName(agent)} could not be reached in time.`,
    administrator:
      'Check with `usher doctor` the network between here and the agent, and whether it runs.',
  };
};

const pick = (code: RefusalCode): Omit<Explanation, 'code'> => {
  const { sentence, administrator } = REFUSALS[code];
  return { sentence, administrator };
};
