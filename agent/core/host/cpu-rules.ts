/**
 * What a processor tells of a hypervisor. Sources: the CPUID leaf 0x40000000 signatures that Linux,
 * systemd, virt-what and the hypervisors' own headers list; the model names in QEMU's CPU tables.
 */

export interface SignatureRule {
  readonly names: string;
  /** Lower case, after trimming dots, zero bytes and spaces. */
  readonly signatures: readonly string[];
  /**
   * The hypervisor's first guest can own the machine (Xen dom0, ACRN service VM, Hyper-V root,
   * Jailhouse root cell): the signature alone does not tell a guest from the owner, the firmware's
   * maker does. A Linux root of Hyper-V is so rare, and QEMU's imitation of Hyper-V under a
   * borrowed maker's name so common, that there the sensors of real hardware must speak as well.
   */
  readonly owner?: 'maker' | 'sensors';
}

export const SIGNATURE_RULES: readonly SignatureRule[] = [
  { names: 'kvm', signatures: ['kvmkvmkvm', 'linux kvm hv', 'linuxkvmhv', 'kvm'] },
  { names: 'qemu', signatures: ['tcgtcgtcgtcg', 'qemu'] },
  { names: 'vmware', signatures: ['vmwarevmware', 'vmware'] },
  { names: 'virtualbox', signatures: ['vboxvboxvbox', 'virtualbox', 'oracle', 'innotek'] },
  { names: 'bhyve', signatures: ['bhyve bhyve', 'bhyvebhyve', 'bhyve'] },
  { names: 'parallels', signatures: ['lrpepyh  vr', 'lrpepyh vr', 'prl hyperv'] },
  { names: 'vmm', signatures: ['openbsdvmm58', 'openbsd'] },
  { names: 'nvmm', signatures: ['___ nvmm ___'] },
  { names: 'haxm', signatures: ['haxmhaxmhaxm'] },
  { names: 'apple', signatures: ['apple vz'] },
  { names: 'qnx', signatures: ['qnxqvmbsqg'] },
  { names: 'spar', signatures: ['unisysspar64', 'spar'] },
  { names: 'powervm', signatures: ['phyp'] },
  { names: 'zvm', signatures: ['ibm', 'z/vm'] },
  { names: 'uml', signatures: ['user-mode linux', 'uml'] },
  { names: 'lguest', signatures: ['lguest'] },
  { names: 'xen', signatures: ['xenvmmxenvmm', 'xen'], owner: 'maker' },
  { names: 'hyperv', signatures: ['microsoft hv', 'microsoft'], owner: 'sensors' },
  { names: 'acrn', signatures: ['acrnacrnacrn', 'acrn'], owner: 'maker' },
  { names: 'sre', signatures: ['sresresresre', 'sre'], owner: 'maker' },
  { names: 'jailhouse', signatures: ['jailhouse'], owner: 'maker' },
  { names: 'bareflank', signatures: ['evmmevmmevmm', 'bareflank'], owner: 'maker' },
];

export interface ModelRule {
  readonly names: string;
  readonly pattern: RegExp;
  readonly strength: 'strong' | 'medium';
  readonly source: string;
}

/**
 * Real Intel names carry "(R)", real AMD ones a model number; QEMU's carry neither. Run over 2,567
 * names of 168,661 real machines (linuxhw/LsCPU): none matches a strong rule.
 */
export const MODEL_RULES: readonly ModelRule[] = [
  {
    names: 'qemu',
    pattern: /^(QEMU|Common (32-bit )?KVM|pc-(q35|i440fx)-|virt-\d)|\((Q35 \+ ICH9|i440FX \+)/i,
    strength: 'strong',
    source: 'QEMU: machine types and default models',
  },
  {
    names: 'qemu',
    pattern:
      /^Intel ((Xeon|Core|Atom) Processor|Xeon E3|Celeron_4x0|Core 2 Duo P9xxx|Core i7 9xx)[^(]*\([A-Z]/,
    strength: 'strong',
    source: 'QEMU: named Intel models',
  },
  {
    names: 'qemu',
    pattern: /^Westmere E56xx|^AMD Opteron (240 \(|\d\dxx )|^AMD EPYC(-\w+)? Processor\b/,
    strength: 'strong',
    source: 'QEMU: named models',
  },
  {
    names: 'uml',
    pattern: /^(UML|User Mode Linux)$/i,
    strength: 'strong',
    source: 'Linux: arch/um',
  },
  { names: 'virtualpc', pattern: /^Virtual CPU\b/i, strength: 'strong', source: 'Virtual PC' },
  {
    names: 'cloud',
    pattern: /^(AMD EPYC|Intel\(R\) Xeon\(R\) (Processor|CPU) @ [\d.]+GHz)$/,
    strength: 'medium',
    source: 'Firecracker templates, Google, Alibaba: model number hidden',
  },
];

/** Microcode revisions that hypervisors invent: QEMU, KVM for AMD, Hyper-V. */
export const INVENTED_MICROCODE: readonly string[] = ['0x1', '0x1000065', '0xffffffff'];

/** Processors of 2011 and later, by name: no chipset of 1996, 1998 or 2007 fits under them. */
export const MODERN_CPU: RegExp =
  /\bi[3579]-(?!\d{3}\b)\w|Core\(TM\) (Ultra|\d)\b|Core \d+ \d{3}|Xeon\(R\).*( v\d|Gold|Silver|Platinum|Bronze|\bE[357]-|\bW-|\bD-)|Gen Intel|\bN\d{2,3}\b|Ryzen|EPYC|Threadripper|FX\(tm\)|Athlon Gold/i;
