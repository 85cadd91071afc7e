/** Why a response was not loaded, in words. */

import { type Outcome, refuseOperation } from '../operations.ts';
import type { IntakeFault } from './activation-intake.ts';
import type { ActivationRefused } from './activation-operations.ts';

/** Each in words. */
const FAULTS: Readonly<Record<IntakeFault | 'older-request' | 'other-request', string>> = {
  'forged-response':
    'The response, or something in it, is not signed by the vendor, or was changed since. Nothing was loaded.',
  'other-vendor':
    'The response is by another vendor than that of the licenses. Nothing was loaded.',
  'other-agent':
    'The response is for another agent: load it where its request was made. Nothing was loaded.',
  'older-request':
    'The response answers an older request: these licenses were asked for again since. Carry the last request, or make a new one. Nothing was loaded.',
  'other-request':
    'The response answers no request that this agent knows: make a new one with `usher license activate --request FILE`. Nothing was loaded.',
  'shelf-full':
    'The response brings more licenses than this agent can hold: remove old ones first. Nothing was loaded.',
};

/** Nothing of a response was taken. */
export const refuseResponse = (code: keyof typeof FAULTS & ActivationRefused): Outcome =>
  refuseOperation(code, FAULTS[code]);

export const UNANSWERED: Outcome = refuseOperation(
  'no-response',
  'This is a request, and no answer to one: send it to the vendor, and load what comes back. Nothing was loaded.',
);

/** `sentence`: what is wrong with it, without a full stop. */
export const noResponse = (sentence: string): Outcome =>
  refuseOperation(
    'no-response',
    `${sentence}: copy everything from BEGIN to END. Nothing was loaded.`,
  );
