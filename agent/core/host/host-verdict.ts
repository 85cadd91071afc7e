/**
 * Is this computer real hardware? Evidence in, verdict out. One strong finding makes a machine
 * virtual, or three medium ones of different families; weak ones never do. What speaks for real
 * hardware cancels medium and weak findings, never a strong one. Too little to see, or facts that
 * contradict each other, give `unknown`, which is an answer of its own and never `physical`.
 */

import { acpiEvidence } from './acpi-evidence.ts';
import { containerEvidence } from './container-kind.ts';
import { cpuEvidence } from './cpu-evidence.ts';
import { dmiEvidence, makerOf } from './dmi-evidence.ts';
import { type Evidence, type Finding, WEIGHTS } from './evidence.ts';
import type { HostFacts } from './host-facts.ts';
import { pciEvidence, pciFunctions } from './pci-evidence.ts';
import { peripheralEvidence } from './peripheral-evidence.ts';
import { sensorEvidence } from './sensor-evidence.ts';
import { systemEvidence } from './system-evidence.ts';
import { tamperEvidence } from './tamper-evidence.ts';

/** What the machine beneath is. */
export type HostKind = 'physical' | 'virtual' | 'unknown';

export interface HostVerdict {
  /** `container` when one surrounds us, whatever is beneath; `host` tells that. */
  readonly verdict: HostKind | 'container';
  /** Sum of weights: 100 and more speaks for a virtual machine, below 0 for a real one. */
  readonly score: number;
  /** What was found, the weightiest first. */
  readonly evidence: readonly Evidence[];
  readonly hypervisor?: string;
  readonly container?: string;
  readonly host: HostKind;
  /** What the reader should have seen and could not. */
  readonly unreadable?: readonly string[];
}

/** Score from which a machine is virtual. */
export const VIRTUAL_SCORE = 100;
/** Families of medium findings that must agree without a strong one. */
export const FAMILIES_MIN = 3;

const RULES: readonly ((facts: HostFacts) => readonly Finding[])[] = [
  dmiEvidence,
  cpuEvidence,
  pciEvidence,
  acpiEvidence,
  systemEvidence,
  sensorEvidence,
  peripheralEvidence,
  tamperEvidence,
];

/** Judges one machine by its facts. Pure; bounded by the size of the facts. */
export const judgeHost = (facts: HostFacts): HostVerdict => {
  const surroundings = containerEvidence(facts);
  const findings = RULES.flatMap((rule) => rule(facts));
  const host = judgeFindings(findings, facts);
  const container = surroundings[0]?.names;
  const evidence = [...surroundings, ...findings].sort(byWeight).map(toEvidence);
  const unreadable = facts.unreadable ?? [];
  const hypervisor = host === 'virtual' ? hypervisorOf(findings) : undefined;
  return {
    verdict: container === undefined ? host : 'container',
    score: scoreOf(findings, host),
    evidence,
    ...(hypervisor === undefined ? {} : { hypervisor }),
    ...(container === undefined ? {} : { container }),
    host,
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
};

const judgeFindings = (findings: readonly Finding[], facts: HostFacts): HostKind => {
  const speaking = (side: Finding['side'], strength: Finding['strength']) =>
    findings.filter((found) => found.side === side && found.strength === strength);
  if (speaking('virtual', 'strong').length > 0) return 'virtual';
  const medium = speaking('virtual', 'medium');
  const real = speaking('physical', 'medium');
  const families = new Set(medium.map(({ family }) => family)).size;
  const left = (medium.length - real.length) * WEIGHTS.medium;
  if (left >= VIRTUAL_SCORE && families >= FAMILIES_MIN) return 'virtual';
  if (findings.some(({ side }) => side === 'tampering')) return 'unknown';
  if (families >= FAMILIES_MIN - 1 && left > WEIGHTS.medium) return 'unknown';
  return seesEnough(facts, real.length) ? 'physical' : 'unknown';
};

/**
 * Whether enough was seen to vouch for real hardware: a named machine, a bus, a board's own device
 * tree or a sensor. Where a reader reports sources that it should have seen and could not, only two
 * independent signs of real hardware will do. Recorded facts report none: there a processor that
 * says it has no hypervisor is enough.
 */
const seesEnough = (facts: HostFacts, signs: number): boolean => {
  if ((facts.unreadable ?? []).length > 0) return signs >= 2;
  if (signs > 0 || makerOf(facts) !== undefined) return true;
  const words = [facts.device_tree?.model, facts.dmi?.bios_vendor, facts.dmi?.chassis_vendor];
  if (words.some((word) => (word ?? '').trim() !== '')) return true;
  return facts.cpu?.hypervisor_flag === false || pciFunctions(facts).length > 0;
};

/** The sum, kept on the verdict's side of the line so that weak findings never cross it. */
const scoreOf = (findings: readonly Finding[], host: HostKind): number => {
  const sum = (chosen: readonly Finding[]): number =>
    chosen.reduce((total, { weight }) => total + weight, 0);
  const strong = sum(findings.filter(({ strength }) => strength === 'strong'));
  const soft = sum(findings.filter(({ strength }) => strength !== 'strong'));
  if (strong > 0) return strong + Math.max(0, soft);
  return host === 'virtual' ? Math.max(VIRTUAL_SCORE, soft) : Math.min(VIRTUAL_SCORE - 1, soft);
};

/** The name that the weightiest findings give, a telling one before `other`. */
const hypervisorOf = (findings: readonly Finding[]): string | undefined => {
  const named = findings
    .filter(({ side, names }) => side === 'virtual' && names !== undefined)
    .sort(byWeight);
  return (named.find(({ names }) => names !== 'other') ?? named[0])?.names;
};

const byWeight = (one: Finding, other: Finding): number => other.weight - one.weight;

const toEvidence = ({ id, weight, value }: Finding): Evidence => ({ id, weight, value });
