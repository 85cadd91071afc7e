/** Project Wycheproof's vectors, with both twins of the primitives: they never disagree. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToHex } from '../../protocol/bytes.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { portablePrimitives } from '../../protocol/portable-primitives.ts';

const TWINS = { portable: portablePrimitives, native: nativePrimitives };

const readRows = <Row>(file: string): readonly Row[] => {
  const path = join('test', 'vectors', 'wycheproof', file);
  return (JSON.parse(readFileSync(path, 'utf8')) as { rows: readonly Row[] }).rows;
};

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const ZEROS = '00'.repeat(32);

for (const [name, primitives] of Object.entries(TWINS)) {
  const wycheproof = suite(`Wycheproof, ${name}`);

  wycheproof('Ed25519: what is valid is taken, and nothing else', () => {
    const rows = readRows<readonly [number, string, string, string, boolean]>('ed25519.json');
    assert.is(rows.length, 151);
    for (const [number, key, message, signature, isValid] of rows) {
      const taken = primitives.verify(bytes(message), bytes(signature), bytes(key));
      assert.is(taken, isValid, `vector ${number}`);
    }
  });

  wycheproof('X25519: the secret is shared, but with a key of low order there is none', () => {
    const rows = readRows<readonly [number, string, string, string]>('x25519.json');
    assert.is(rows.length, 518);
    let low = 0;
    for (const [number, key, secret, shared] of rows) {
      const agreed = primitives.agree(bytes(secret), bytes(key));
      if (shared === ZEROS) low++;
      const wanted = shared === ZEROS ? undefined : shared;
      assert.is(agreed && bytesToHex(agreed), wanted, `vector ${number}`);
    }
    assert.ok(low >= 31, `${low} of low order`);
  });

  wycheproof.run();
}
