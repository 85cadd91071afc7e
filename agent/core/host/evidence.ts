/** What rules find: one piece of evidence each, with its weight, its family and whom it speaks for. */

/** What a verdict shows of one finding: a stable id, its weight in the score, and what was seen. */
export interface Evidence {
  readonly id: string;
  readonly weight: number;
  readonly value: string;
}

/** Independent ways to look at a machine; three medium findings count only from three of them. */
type Family = 'cpu' | 'firmware' | 'bus' | 'sensors' | 'system';

/** One strong finding decides, three medium ones of different families do, weak ones never. */
export type Strength = 'strong' | 'medium' | 'weak';

/**
 * `virtual` and `physical` speak of the machine; `tampering` says that two sources of one fact
 * disagree, so the facts cannot vouch for real hardware; `container` names what surrounds us.
 */
type Side = 'virtual' | 'physical' | 'tampering' | 'container';

export interface Finding extends Evidence {
  readonly side: Side;
  readonly family: Family;
  readonly strength: Strength;
  /** Short name of the hypervisor or container, when the finding tells it. */
  readonly names?: string;
}

export const WEIGHTS: Readonly<Record<Strength, number>> = { strong: 100, medium: 35, weak: 10 };

/** Longest value shown, in characters. */
export const VALUE_MAX = 96;

export interface FindingInput {
  readonly id: string;
  readonly family: Family;
  readonly value: string;
  readonly names?: string | undefined;
}

export const forVirtual = (strength: Strength, found: FindingInput): Finding =>
  finding('virtual', strength, WEIGHTS[strength], found);

export const forPhysical = (strength: 'medium' | 'weak', found: FindingInput): Finding =>
  finding('physical', strength, -WEIGHTS[strength], found);

export const forTampering = (found: FindingInput): Finding =>
  finding('tampering', 'medium', WEIGHTS.medium, found);

export const forContainer = (found: FindingInput): Finding =>
  finding('container', 'weak', 0, found);

const finding = (
  side: Side,
  strength: Strength,
  weight: number,
  { id, family, value, names }: FindingInput,
): Finding => ({
  id,
  weight,
  value: shown(value),
  side,
  family,
  strength,
  ...(names === undefined ? {} : { names }),
});

/** Printable characters only, one line, cut to `VALUE_MAX`. */
const shown = (value: string): string => {
  const plain = value
    .replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > VALUE_MAX ? `${plain.slice(0, VALUE_MAX - 1)}…` : plain;
};
