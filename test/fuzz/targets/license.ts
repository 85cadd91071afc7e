/** License blocks as people paste them, and the licenses in them. */

import { armor, dearmor } from '../../../protocol/armor.ts';
import { bytesToHex } from '../../../protocol/bytes.ts';
import { openLicense } from '../../../protocol/signed-license.ts';
import { promise, type Target, toText } from '../target.ts';
import { bytesOf, textsOf } from '../vector-seeds.ts';
import { trustingPrimitives } from './parsing-primitives.ts';

const WORDS = ['-----BEGIN USHER LICENSE-----', '-----END USHER LICENSE-----', '\n=', '> ', '\r\n'];

export const licenseBlock: Target = {
  name: 'license-block',
  shape: 'text',
  most: 8192,
  words: WORDS,
  seeds: () => textsOf('armor', 'text'),
  run: (bytes) => {
    for (const block of dearmor('license', toText(bytes), trustingPrimitives)) {
      if (!block.ok) continue;
      const [again, ...more] = dearmor(
        'license',
        armor('license', block.value, trustingPrimitives),
        trustingPrimitives,
      );
      const isSame = again?.ok && bytesToHex(again.value) === bytesToHex(block.value);
      promise(isSame === true && more.length === 0, 'a block reads as it was written');
      openLicense(block.value, trustingPrimitives);
    }
  },
};

export const license: Target = {
  name: 'license',
  shape: 'msgpack',
  most: 17_000,
  seeds: () => bytesOf('licenses', 'document'),
  run: (bytes) => {
    const opened = openLicense(bytes, trustingPrimitives);
    if (!opened.ok) return;
    const { pools, type, meters } = opened.value.license;
    const hasSeats = pools.length > 0 || meters.length > 0 || type !== 'floating';
    promise(hasSeats, 'a license has something to lend');
    const classes = new Set(pools.map((pool) => pool.class));
    promise(classes.size === pools.length, 'a class has one pool');
  },
};
