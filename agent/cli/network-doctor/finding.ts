/** What the doctor finds of a network: a stable code, one sentence, and what cures it. */

/** The usual reasons why a client does not see an agent, in the order in which they are told. */
export const REASONS = [
  'port-taken',
  'no-agent',
  'wrong-profile',
  'blocked-port',
  'broadcast-lost',
  'other-subnet',
  'vpn-route',
  'client-isolation',
  'second-agent',
  'version',
  'clock',
  'no-license',
  'master',
  'site',
] as const;

export type Reason = (typeof REASONS)[number];

export interface Finding {
  readonly code: Reason;
  /** `unknown`: it cannot be told from here, and the sentence says from where. */
  readonly standing: 'well' | 'trouble' | 'unknown';
  readonly sentence: string;
  /** The one command, or what to do where no command does it. */
  readonly cure: string | null;
}

/** A finding as it is made: the code is added by whoever asked. */
export type Diagnosis = Omit<Finding, 'code'>;

export const well = (sentence: string): Diagnosis => ({ standing: 'well', sentence, cure: null });

export const trouble = (sentence: string, cure: string): Diagnosis => ({
  standing: 'trouble',
  sentence,
  cure,
});

/** Where the agent of this computer was not asked. */
export const unasked = (why: 'none' | 'not-permitted', sentence: string): Diagnosis =>
  why === 'none'
    ? unknown(sentence, "usher doctor (on the agent's computer)")
    : unknown('This user may not ask the agent here.', 'sudo usher doctor');

export const unknown = (sentence: string, cure: string | null = null): Diagnosis => ({
  standing: 'unknown',
  sentence,
  cure,
});
