/** Evidence in what the processor says. */

import {
  INVENTED_MICROCODE,
  MODEL_RULES,
  SIGNATURE_RULES,
  type SignatureRule,
} from './cpu-rules.ts';
import { type Finding, forTampering, forVirtual, type Strength } from './evidence.ts';
import type { HostFacts } from './host-facts.ts';
import { ownsMachine, strengthOfShared } from './machine-owner.ts';
import { quickLook } from './quick-look.ts';

/** The rule for a CPUID signature or its name, or `undefined` for an unknown or empty one. */
const signatureRule = (signature: string | undefined): SignatureRule | undefined => {
  const plain = (signature ?? '')
    .toLowerCase()
    .replace(/^[\s.\0]+|[\s.\0]+$/g, '')
    .trim();
  return SIGNATURE_RULES.find(({ signatures }) => signatures.includes(plain));
};

/** Flag, signature, model name, microcode and the kernel's notes on processor faults. */
export const cpuEvidence = (facts: HostFacts): readonly Finding[] => [
  ...flagEvidence(facts),
  ...signatureEvidence(facts),
  ...modelEvidence(facts),
  ...faultNotes(facts),
];

/** Windows, or nothing says what it is while the processor answers as Hyper-V does for Windows. */
const isWindows = ({ platform, cpu }: HostFacts): boolean =>
  platform === 'win32' ||
  (platform === undefined && signatureRule(cpu?.hypervisor_signature)?.names === 'hyperv');

/**
 * The hypervisor bit. On Windows it is no evidence: Virtual Secure Mode, Hyper-V and WSL set it on
 * real hardware. On Linux only guests and owners of the machine (dom0) see it: 0 of 168,661 probes
 * but for Xen.
 */
const flagEvidence = (facts: HostFacts): readonly Finding[] => {
  const { cpu } = facts;
  if (isWindows(facts) || cpu === undefined || ownsMachine(facts)) return [];
  const strength = flagStrength(facts);
  const family = 'cpu' as const;
  const found: Finding[] = [];
  if (cpu.hypervisor_flag === true)
    found.push(forVirtual(strength, { id: 'cpu-flag', family, value: 'hypervisor' }));
  if (cpu.hypervisor_flag_loader === true)
    found.push(forVirtual(strength, { id: 'cpu-flag-loader', family, value: 'hypervisor' }));
  if (
    cpu.hypervisor_flag !== undefined &&
    cpu.hypervisor_flag_loader !== undefined &&
    cpu.hypervisor_flag !== cpu.hypervisor_flag_loader
  )
    found.push(
      forTampering({
        id: 'cpu-flag-differs',
        family,
        value: `cpuinfo ${cpu.hypervisor_flag}, loader ${cpu.hypervisor_flag_loader}`,
      }),
    );
  return found;
};

const flagStrength = (facts: HostFacts): Strength => {
  const owner = signatureRule(facts.cpu?.hypervisor_signature)?.owner;
  if (owner !== undefined) return strengthOfShared(facts, owner);
  const shared = facts.hypervisor_type === 'xen' || facts.platform === undefined;
  return shared ? strengthOfShared(facts, 'maker') : 'strong';
};

const signatureEvidence = (facts: HostFacts): readonly Finding[] => {
  const signature = facts.cpu?.hypervisor_signature;
  const rule = signatureRule(signature);
  if (rule === undefined || (rule.owner !== undefined && ownsMachine(facts))) return [];
  if (rule.names === 'hyperv' && isWindows(facts)) return [];
  return [
    forVirtual(rule.owner === undefined ? 'strong' : strengthOfShared(facts, rule.owner), {
      id: 'cpu-signature',
      family: 'cpu',
      value: signature ?? '',
      names: rule.names,
    }),
  ];
};

const mayBeModel = quickLook(MODEL_RULES);

const modelEvidence = ({ cpu, platform }: HostFacts): readonly Finding[] => {
  const found: Finding[] = [];
  const model = cpu?.model?.trim() ?? '';
  const vendor = cpu?.vendor?.trim() ?? '';
  const rule = mayBeModel([model, vendor])
    ? MODEL_RULES.find(({ pattern }) => pattern.test(model) || pattern.test(vendor))
    : undefined;
  if (rule !== undefined)
    found.push(
      forVirtual(rule.strength, {
        id: 'cpu-model',
        family: 'cpu',
        value: model,
        names: rule.names,
      }),
    );
  const microcode = (cpu?.microcode ?? '').toLowerCase().replace(/^0x0+(?=.)/, '0x');
  if (platform !== 'win32' && INVENTED_MICROCODE.includes(microcode))
    found.push(forVirtual('medium', { id: 'cpu-microcode', family: 'cpu', value: microcode }));
  return found;
};

const HIDDEN_STATE = /SMT Host state unknown|on hypervisor status/i;
const NO_VMX = /VMX unsupported/i;
const mayBeNote = quickLook([{ pattern: HIDDEN_STATE }, { pattern: NO_VMX }]);

/**
 * The Linux kernel words some fault notes by its own hypervisor bit, so they tell it a second time
 * (Linux: arch/x86/kernel/cpu/bugs.c). "VMX unsupported" is also true where firmware locks VT-x.
 */
const faultNotes = (facts: HostFacts): readonly Finding[] => {
  if (ownsMachine(facts)) return [];
  const notes = Object.entries(facts.cpu_vulnerabilities ?? {});
  if (!mayBeNote(notes.map(([, note]) => note))) return [];
  const family = 'cpu' as const;
  const told = notes.find(([, note]) => HIDDEN_STATE.test(note));
  const found: Finding[] = [];
  if (told !== undefined) {
    const value = `${told[0]}: ${told[1]}`;
    found.push(forVirtual(flagStrength(facts), { id: 'cpu-fault-note', family, value }));
    if (facts.cpu?.hypervisor_flag === false)
      found.push(forTampering({ id: 'cpu-flag-hidden', family, value }));
  }
  const vmx = notes.find(([, note]) => NO_VMX.test(note));
  if (vmx !== undefined)
    found.push(forVirtual('weak', { id: 'cpu-vmx-absent', family, value: vmx[1] }));
  return found;
};
