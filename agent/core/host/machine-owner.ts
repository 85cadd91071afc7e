/**
 * Some hypervisors start first and hand the machine to one privileged guest: Xen's dom0, the ACRN
 * service VM, the Hyper-V root. To the processor that guest is virtual, to its user it is the real
 * machine; what it sees of buses, sensors and firmware is real.
 */

import { ruleFor } from './dmi-rules.ts';
import type { Strength } from './evidence.ts';
import type { HostFacts } from './host-facts.ts';
import { sensorEvidence } from './sensor-evidence.ts';

/** Whether the facts say that we are the guest that owns the machine (Xen: control rights). */
export const ownsMachine = (facts: HostFacts): boolean =>
  facts.xen_dom0 === true || /\bcontrol_d\b/.test(facts.xen_capabilities ?? '');

/**
 * How much a sign counts that guest and owner share. Strong, unless nothing says whether we own the
 * machine while its firmware or device tree names a real one (and, where that is not telling enough,
 * its sensors speak too): no guest is shown that unless somebody arranged it, and then its buses tell.
 */
export const strengthOfShared = (facts: HostFacts, needs: 'maker' | 'sensors'): Strength => {
  if (facts.xen_dom0 === false) return 'strong';
  if (needs === 'sensors' && sensorEvidence(facts).every(({ side }) => side !== 'physical'))
    return 'strong';
  return namesRealMachine(facts) ? 'medium' : 'strong';
};

const namesRealMachine = ({ dmi, device_tree }: HostFacts): boolean => {
  const model = device_tree?.model ?? '';
  if (model !== '' && !/virt|qemu|dummy|xen/i.test(model)) return true;
  const maker = dmi?.sys_vendor ?? dmi?.board_vendor ?? '';
  return dmi !== undefined && maker.trim() !== '' && ruleFor(dmi) === undefined;
};
