/** What tells a Linux computer from another and root alone may read. */

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { HostValues } from '../../protocol/host-component.ts';
import { filesBelow } from '../../protocol/node/bounded-files.ts';

/** `root`: the folder that stands for `/`. */
export const readRootHostValues = (root: string): HostValues => {
  const files = filesBelow(root);
  const dmi = (name: string) => files.text(`/sys/class/dmi/id/${name}`);
  return {
    system: [dmi('product_uuid')],
    'board-serial': [dmi('board_serial')],
    tpm: [
      files.text('/sys/class/tpm/tpm0/device/pubek') ?? askEndorsementKey(`${root}/dev/tpmrm0`),
    ],
  };
};

/** TPM2_ReadPublic of the handle at which makers keep the RSA endorsement key (TCG EK profile). */
const READ_PUBLIC = Buffer.from('80010000000e0000017381010001', 'hex');
const ANSWER_MAX = 4096;

const askEndorsementKey = (device: string): string | undefined => {
  try {
    const file = openSync(device, 'r+');
    try {
      writeSync(file, READ_PUBLIC);
      const answer = Buffer.alloc(ANSWER_MAX);
      return endorsementKey(answer.subarray(0, readSync(file, answer, 0, ANSWER_MAX, null)));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
};

const HEADER_SIZE = 10;

/** What stands for the key in the chip's answer; nothing where it has none there. */
export const endorsementKey = (answer: Buffer): string | undefined => {
  if (answer.length < HEADER_SIZE + 2) return undefined;
  const isDone = answer.readUInt16BE(0) === 0x8001 && answer.readUInt32BE(6) === 0;
  const size = answer.readUInt16BE(HEADER_SIZE);
  const area = answer.subarray(HEADER_SIZE + 2, HEADER_SIZE + 2 + size);
  if (!isDone || size === 0 || area.length !== size) return undefined;
  return createHash('sha256').update(area).digest('hex');
};
