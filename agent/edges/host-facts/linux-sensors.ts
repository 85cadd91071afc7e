/** What the machine measures of itself: names only, no reading, so no chip is woken. */

import type { Files } from '../../../protocol/node/bounded-files.ts';
import type { HostFacts } from '../../core/host/host-facts.ts';
import { defined } from './defined.ts';

export const readSensorFacts = (files: Files): HostFacts => {
  const controllers = [
    ...(files.names('/sys/class/mei') ?? []),
    ...(files.names('/sys/devices/system/edac/mc') ?? []).filter((name) => /^mc\d/.test(name)),
  ];
  const driver = files.text('/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver');
  return defined<HostFacts>({
    hwmon: named(files, '/sys/class/hwmon', 'name', /^hwmon/),
    thermal_zones: named(files, '/sys/class/thermal', 'type', /^thermal_zone/),
    powercap: files.names('/sys/class/powercap'),
    cpufreq: driver === undefined ? undefined : [driver],
    power_supplies: named(files, '/sys/class/power_supply', 'type', /./),
    board_devices: controllers,
    tpm: named(files, '/sys/class/tpm', 'device/firmware_node/hid', /^tpm\d/),
  });
};

/** `name word` for each entry, the word read from one file of it. */
const named = (
  files: Files,
  folder: string,
  file: string,
  wanted: RegExp,
): readonly string[] | undefined =>
  files
    .names(folder)
    ?.filter((name) => wanted.test(name))
    .map((name) => `${name} ${files.text(`${folder}/${name}/${file}`)?.trim() ?? ''}`.trim());
