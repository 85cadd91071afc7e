/**
 * Evidence in what only real hardware has to measure. Hypervisors emulate no temperature, voltage or
 * energy counter; passing one through is possible and rare. Source: the Linux hwmon and thermal
 * drivers' names; guests of QEMU, Firecracker and Hyper-V looked at.
 */

import { type Finding, forPhysical, forVirtual } from './evidence.ts';
import type { HostFacts } from './host-facts.ts';

/** Names of hwmon drivers that read a chip on the board or in the processor. */
const BOARD_SENSORS =
  /\b(coretemp|k8temp|k10temp|zenpower|fam15h_power|via_cputemp|nct\d|it8\d|w83\d|f71\d|lm\d\d|jc42|spd5118|dell_\w+|thinkpad|asus\w*|applesmc|hp_?wmi|i5k_amb|i5500_temp|drivetemp|cpu_thermal|soc_thermal|scmi_sensors|power_meter|ibmpowernv)\b/i;

/** Trusted modules that are chips; software ones and those of hypervisors call themselves IBM or SW. */
const CHIP_TPM = /\b(INTC|IFX|STM|NTC|NTZ|AMD|ATML|BRCM|QCOM|SMSC|TXN|WEC|ROCC|LEN|HPE|HPI)\b/;

export const sensorEvidence = (facts: HostFacts): readonly Finding[] => {
  const family = 'sensors' as const;
  const found: Finding[] = [];
  const add = (id: string, values: readonly string[] | undefined, pattern: RegExp): void => {
    const value = values?.find((candidate) => pattern.test(candidate));
    if (value !== undefined) found.push(forPhysical('medium', { id, family, value }));
  };
  add('sensor-board', facts.hwmon, BOARD_SENSORS);
  add(
    'sensor-processor',
    facts.thermal_zones,
    /x86_pkg_temp|cpu[-_]?thermal|soc[-_]?thermal|TCPU/i,
  );
  add('sensor-energy', facts.powercap, /intel-rapl:\d|dtpm/i);
  add('sensor-tpm', facts.tpm, CHIP_TPM);
  add('sensor-controller', facts.board_devices, /^(mei|mc)\d/);
  const none = noSensors(facts);
  if (none !== undefined)
    found.push(forVirtual('medium', { id: 'sensor-none', family, value: none }));
  return found;
};

/** Both kinds of sensor folders were read and neither has anything. */
const noSensors = ({ hwmon, thermal_zones, powercap }: HostFacts): string | undefined => {
  if (hwmon === undefined || thermal_zones === undefined) return undefined;
  const zones = thermal_zones.filter((zone) => !/^cooling_device/.test(zone));
  if (hwmon.length > 0 || zones.length > 0 || (powercap ?? []).length > 0) return undefined;
  return 'no temperature, voltage or energy sensor';
};
