/** Who is on the link itself: who has told its hardware address, and which of them are routers. */

import { readFile } from 'node:fs/promises';
import { platform } from 'node:process';
import { runTool } from '../../edges/system-tool.ts';
import type { Neighbours } from './evidence.ts';

/** What the system has learned; `null` where it does not say. */
export const readNeighbours = async (): Promise<Neighbours | null> => {
  if (platform === 'win32') {
    const { status, out } = await runTool(['arp', '-a']);
    return status === 0 ? { present: parseWindowsArp(out), gateways: [] } : null;
  }
  const [arp, routes] = await Promise.all(
    ['/proc/net/arp', '/proc/net/route'].map((file) => readFile(file, 'utf8').catch(() => null)),
  );
  if (arp === null || arp === undefined) return null;
  return { present: parseLinuxArp(arp), gateways: parseLinuxGateways(routes ?? '') };
};

/** `10.0.0.2 0x1 0x2 02:…`: the second flag says that it has answered. */
export const parseLinuxArp = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => {
    const [address = '', , flags = '0'] = line.trim().split(/\s+/);
    return (Number(flags) & 0x2) !== 0 ? [address] : [];
  });

/** `eth0 00000000 FE004D0A 0003 …`: addresses in hex, the last byte first. */
export const parseLinuxGateways = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => {
    const [, , gateway = '', flags = '0'] = line.trim().split(/\s+/);
    const isGateway = (Number.parseInt(flags, 16) & 0x2) !== 0;
    if (!isGateway || !/^[\dA-F]{8}$/i.test(gateway)) return [];
    const bytes = gateway.match(/../g) ?? [];
    return [
      bytes
        .reverse()
        .map((byte) => Number.parseInt(byte, 16))
        .join('.'),
    ];
  });

/** `  10.0.0.2    02-00-00-00-00-01    dynamic`. */
export const parseWindowsArp = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => {
    const [, address] = /^\s+([\d.]+)\s+(?:[\da-f]{2}-){5}[\da-f]{2}\s/i.exec(line) ?? [];
    return address === undefined ? [] : [address];
  });
