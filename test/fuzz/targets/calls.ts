/** Calls to a master or a parent and what it answers; and child licenses with the chain above them. */

import { bytesToHex } from '../../../protocol/bytes.ts';
import { deriveLicense } from '../../../protocol/child-chain.ts';
import { openChild } from '../../../protocol/child-license.ts';
import {
  decodeCallRefusal,
  decodeMasterCall,
  encodeCallRefusal,
  encodeMasterCall,
} from '../../../protocol/master-call.ts';
import { pack } from '../../../protocol/msgpack.ts';
import { openLicense } from '../../../protocol/signed-license.ts';
import { promise, type Target, toBytes, toText } from '../target.ts';
import { bytesOf } from '../vector-seeds.ts';
import { trustingPrimitives } from './parsing-primitives.ts';

const readCall = (bytes: Uint8Array): void => {
  const call = decodeMasterCall(bytes);
  if (call === undefined) return;
  const isSame = bytesToHex(encodeMasterCall(call)) === bytesToHex(bytes);
  promise(isSame, 'a call has one form');
};

const readRefusal = (text: string): void => {
  const refusal = decodeCallRefusal(text);
  if (refusal === undefined) return;
  const again = decodeCallRefusal(encodeCallRefusal(refusal));
  promise(JSON.stringify(again) === JSON.stringify(refusal), 'a refusal reads as it was written');
};

export const masterCall: Target = {
  name: 'master-call',
  shape: 'msgpack',
  most: 40_000,
  seeds: () => {
    const documents = bytesOf('documents', 'document').slice(0, 40);
    return [
      ...documents.map((one) => pack([one])),
      pack(documents.slice(0, 3)),
      toBytes(encodeCallRefusal({ code: 'busy', sentence: 'Try again in a minute.' })),
    ];
  },
  run: (bytes) => {
    readCall(bytes);
    readRefusal(toText(bytes));
  },
};

let parents: readonly ReturnType<typeof openLicense>[] | undefined;

export const childLicense: Target = {
  name: 'child-license',
  shape: 'msgpack',
  most: 17_000,
  seeds: () => bytesOf('documents', 'document'),
  run: (bytes) => {
    const opened = openChild(bytes, trustingPrimitives);
    if (!opened.ok) return;
    parents ??= bytesOf('licenses', 'document').map((one) => openLicense(one, trustingPrimitives));
    const { child } = opened.value;
    for (const parent of parents) {
      if (!parent.ok) continue;
      // As if it were this license's child: whatever it asks for, it gets no more than there is.
      const { license } = parent.value;
      const derived = deriveLicense(license, { ...child, of: license.id });
      for (const pool of derived?.pools ?? []) {
        const whole = license.pools.find((one) => one.class === pool.class);
        promise(whole !== undefined && pool.seats <= mostOf(whole), 'no child has more seats');
      }
    }
  },
};

const mostOf = ({
  seats,
  overdraft,
  stages,
}: {
  readonly seats: number;
  readonly overdraft: number;
  readonly stages: readonly { readonly seats: number }[];
}): number => Math.max(seats, ...stages.map((stage) => stage.seats)) + overdraft;
