/** Evidence on the PCI bus: who made the functions, and whether chipset and processor fit. */

import { MODERN_CPU } from './cpu-rules.ts';
import { type Finding, forPhysical, forTampering, forVirtual } from './evidence.ts';
import type { HostFacts } from './host-facts.ts';
import { DEVICE_RULES, IMITATED_BRIDGES, type PciRule, SUBSYSTEM_RULES } from './pci-rules.ts';

/** One PCI function; empty text where unknown. All hexadecimal, lower case. */
export interface PciFunction {
  readonly class: string;
  readonly vendor: string;
  readonly device: string;
  readonly subvendor: string;
  readonly subdevice: string;
}

/** Functions from every source the facts hold: Linux lists, and Windows instance ids. */
export const pciFunctions = (facts: HostFacts): readonly PciFunction[] => [
  ...(facts.pci ?? []).flatMap(lineToFunction),
  ...(facts.pci_copy ?? []).flatMap((pair) => lineToFunction(`- - ${pair} - -`)),
  ...(facts.devices ?? []).flatMap(instanceToFunction),
];

export const pciEvidence = (facts: HostFacts): readonly Finding[] => {
  const functions = pciFunctions(facts);
  return [
    ...firstOf(functions, 'pci-device', DEVICE_RULES, ({ vendor, device }) => [vendor, device]),
    ...firstOf(functions, 'pci-subsystem', SUBSYSTEM_RULES, (seen) => [
      seen.subvendor,
      seen.subdevice,
    ]),
    ...bridgeEvidence(functions, facts),
    ...boardEvidence(functions),
    ...listsDiffer(facts),
  ];
};

const LINE =
  /^\S+\s+(\S+)\s+([0-9a-f]{4}):([0-9a-f]{4})(?:\s+(?:([0-9a-f]{4}):([0-9a-f]{4})|\S+))?/i;

const lineToFunction = (line: string): readonly PciFunction[] => {
  const found = LINE.exec(line.trim());
  return found === null
    ? []
    : [
        {
          class: /^[0-9a-f]{4,6}$/i.test(found[1] ?? '') ? lower(found[1]) : '',
          vendor: lower(found[2]),
          device: lower(found[3]),
          subvendor: lower(found[4]),
          subdevice: lower(found[5]),
        },
      ];
};

/** `PCI\VEN_1AF4&DEV_1000&SUBSYS_00011AF4&REV_00\…`: the subsystem is device, then vendor. */
const INSTANCE =
  /^PCI\\VEN_([0-9a-f]{4})&DEV_([0-9a-f]{4})(?:&SUBSYS_([0-9a-f]{4})([0-9a-f]{4}))?/i;

const instanceToFunction = (instance: string): readonly PciFunction[] => {
  const found = INSTANCE.exec(instance);
  return found === null
    ? []
    : [
        {
          class: '',
          vendor: lower(found[1]),
          device: lower(found[2]),
          subvendor: lower(found[4]),
          subdevice: lower(found[3]),
        },
      ];
};

const lower = (word: string | undefined): string => (word ?? '').toLowerCase();

const shown = ({ vendor, device, subvendor, subdevice, class: kind }: PciFunction): string =>
  `${vendor}:${device}${subvendor === '' ? '' : `, subsystem ${subvendor}:${subdevice}`}${
    kind === '' ? '' : `, class ${kind}`
  }`;

/** At most one finding a rule, so that forty bridges of one emulator count once. */
const firstOf = (
  functions: readonly PciFunction[],
  id: string,
  rules: readonly PciRule[],
  idsOf: (seen: PciFunction) => readonly [string, string],
): readonly Finding[] => {
  const found = new Map<string, Finding>();
  for (const seen of functions) {
    const [vendor, device] = idsOf(seen);
    const rule = rules.find(
      (candidate) => candidate.vendor === vendor && (candidate.devices?.test(device) ?? true),
    );
    if (rule === undefined) continue;
    const key = `${rule.names} ${rule.strength}`;
    if (found.has(key)) continue;
    const { names } = rule;
    found.set(key, forVirtual(rule.strength, { id, family: 'bus', value: shown(seen), names }));
  }
  return [...found.values()];
};

/** A chipset that is much older than the processor, or of the other processor maker. */
const bridgeEvidence = (
  functions: readonly PciFunction[],
  { cpu }: HostFacts,
): readonly Finding[] => {
  const model = cpu?.model ?? '';
  for (const { vendor, device } of functions) {
    const chipset = IMITATED_BRIDGES[`${vendor}:${device}`];
    if (chipset === undefined) continue;
    const value = `${chipset} below ${model}`;
    if (MODERN_CPU.test(model) || /\bAMD\b/.test(model))
      return [forVirtual('medium', { id: 'chipset-age', family: 'bus', value })];
  }
  return [];
};

/** Bridges to the processor and to old buses, and the bus of sensors. */
const BOARD_CLASSES = ['0600', '0601', '0c05'];

/** Chipset functions that carry a board maker's own subsystem ids, as real boards' do. */
const boardEvidence = (functions: readonly PciFunction[]): readonly Finding[] => {
  const own = functions.filter(
    ({ class: kind, subvendor, vendor }) =>
      BOARD_CLASSES.includes(kind.slice(0, 4)) && /^[^0f]/.test(subvendor) && subvendor !== vendor,
  );
  const board = own.find(
    ({ subvendor }) => !SUBSYSTEM_RULES.some(({ vendor }) => vendor === subvendor),
  );
  return board === undefined
    ? []
    : [forPhysical('weak', { id: 'pci-board', family: 'bus', value: shown(board) })];
};

/** The kernel lists functions at two places; who covers one of them forgets the other. */
const listsDiffer = ({ pci, pci_copy }: HostFacts): readonly Finding[] => {
  if (pci === undefined || pci_copy === undefined) return [];
  const first = pci.flatMap(lineToFunction).map(({ vendor, device }) => `${vendor}:${device}`);
  const second = pci_copy.map((pair) => pair.toLowerCase());
  const odd = [
    ...second.filter((pair) => !first.includes(pair)),
    ...first.filter((pair) => !second.includes(pair)),
  ];
  return odd.length === 0
    ? []
    : [forTampering({ id: 'pci-lists-differ', family: 'bus', value: odd.join(' ') })];
};
