/**
 * The parts by which this computer is told from another, read as any user may: an administrator
 * and an ordinary user on one computer see the same.
 */

import { cpus, networkInterfaces } from 'node:os';
import { platform } from 'node:process';
import { makeHostCode } from '../host-code.ts';
import { type HostComponent, toHostComponents } from '../host-component.ts';
import { linuxHostValues } from './linux-host-values.ts';
import { nativePrimitives } from './native-primitives.ts';
import { HOST_QUESTIONS, windowsHostValues } from './windows-host-values.ts';
import { askRegistry } from './windows-registry.ts';

/** This computer's components. Some milliseconds; on Windows the time that `reg` takes. */
export const readHostComponents = async (): Promise<readonly HostComponent[]> => {
  if (platform === 'linux') return toHostComponents(linuxHostValues('/'));
  if (platform !== 'win32') return toHostComponents({ mac: ownAddresses(), cpu: processor() });
  const answers = await Promise.all(
    Object.values(HOST_QUESTIONS).map((words) => askRegistry(words)),
  );
  const texts = Object.fromEntries(
    Object.keys(HOST_QUESTIONS).map((name, i) => [name, answers[i] ?? '']),
  );
  return toHostComponents({ ...windowsHostValues(texts), mac: ownAddresses(), cpu: processor() });
};

/** This computer's host code. */
export const readHostCode = async (): Promise<Uint8Array> =>
  makeHostCode(await readHostComponents(), nativePrimitives.sha512);

const processor = (): readonly (string | undefined)[] => [cpus()[0]?.model];

/** Adapters of programs and docks' sharing, by the names that their makers give them. */
const VIRTUAL_NAME =
  /virtual|vmware|vmnet|loopback|bluetooth|\btap\b|\btun\b|vpn|wireguard|tailscale|zerotier|^(utun|awdl|llw|bridge|anpi|ap)\d/i;
/** Hyper-V's own addresses, TAP-Windows and Cisco's VPN: never a port of this computer's own. */
const VIRTUAL_MAC = /^(00:ff:|00:05:9a:3c:|00:50:56:c0:)/i;

const ownAddresses = (): readonly string[] =>
  Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) => {
    if (VIRTUAL_NAME.test(name)) return [];
    return (
      addresses
        .filter(({ internal, mac }) => !internal && !VIRTUAL_MAC.test(mac))
        // A switch of Hyper-V that shares a port has that port's address; others have their own.
        .filter(({ mac }) => !(name.startsWith('vEthernet') && /^00:15:5d:/i.test(mac)))
        .map(({ mac }) => mac)
    );
  });
