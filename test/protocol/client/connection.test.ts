import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AcquireRequest,
  type ConnectOptions,
  connect,
} from '../../../protocol/client/client.ts';

const connection = suite('a connection');

const KEY = Buffer.alloc(32, 7).toString('base64');

/** What a vendor's mistake is answered; JavaScript has no types that would find it. */
const mistake = async (act: () => unknown): Promise<string> => {
  try {
    await act();
  } catch (error) {
    return String(error);
  }
  return 'taken';
};

connection('options that cannot be meant are refused at once, by name', async () => {
  const MISTAKES: readonly (readonly [object, RegExp])[] = [
    [{}, /^TypeError: Not a vendor's public key: undefined$/],
    [{ vendorKey: [] }, /^TypeError: No vendor's public key/],
    [{ vendorKey: KEY, port: 0 }, /^TypeError: Not a UDP port: 0$/],
    [{ vendorKey: KEY, port: 70_000 }, /^TypeError: Not a UDP port: 70000$/],
    [{ vendorKey: KEY, port: 1.5 }, /^TypeError: Not a UDP port: 1.5$/],
    [{ vendorKey: KEY, patience: Number.NaN }, /^TypeError: Not a number of milliseconds: NaN$/],
    [{ vendorKey: KEY, patience: -1 }, /^TypeError: Not a number of milliseconds: -1$/],
  ];
  for (const [options, expected] of MISTAKES) {
    assert.match(await mistake(() => connect(options as ConnectOptions)), expected);
  }
  connect({ vendorKey: null, port: 65_535, patience: Number.POSITIVE_INFINITY });
});

connection(
  'a request that no agent would read is refused by name, and by a rejection',
  async () => {
    const MISTAKES: readonly (readonly [object, RegExp])[] = [
      [{}, /^TypeError: Not a product's name: undefined$/],
      [{ product: '' }, /^TypeError: Not a product's name: $/],
      [{ product: 'a\nb' }, /^TypeError: Not a product's name: a\nb$/],
      [{ product: 'p'.repeat(65) }, /^TypeError: Not a product's name: p+$/],
      [{ product: 'p', class: '' }, /^TypeError: Not a class's name: $/],
      [{ product: 'p', resource: '' }, /^TypeError: Not a resource's name: $/],
      [{ product: 'p', features: ['f', ''] }, /^TypeError: Not a feature's name: $/],
      [{ product: 'p', version: 12 }, /^TypeError: Not a version's name: 12$/],
      [{ product: 'p', weight: 0 }, /^TypeError: Not a number of seats from 1 to 1000000: 0$/],
      [{ product: 'p', released: new Date(Number.NaN) }, /^TypeError: Not a date of release/],
    ];
    const library = connect({ vendorKey: KEY, interfaces: [] });
    for (const [request, expected] of MISTAKES) {
      for (const ask of ['acquire', 'probe', 'probeEach'] as const) {
        const asked = (): Promise<unknown> => library[ask](request as AcquireRequest);
        assert.not.throws(() => asked().catch(() => {}), `${ask} throws nothing`);
        assert.match(await mistake(asked), expected);
      }
    }
    assert.not.throws(() => library.extend('id', -1).catch(() => {}), 'extend throws nothing');
  },
);

connection.run();
