import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { endpointsHere } from '../../../../agent/edges/site/own-endpoints.ts';

const OWN = new Set(['10.0.0.1', 'fd00::1']);
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  a: ['10.0.0.1'],
  b: ['10.0.0.2'],
  // As Debian writes its own name into /etc/hosts.
  c: ['127.0.1.1'],
};

const here = async (...urls: readonly string[]): Promise<readonly string[]> => {
  const resolve = async (name: string): Promise<readonly string[]> => {
    const known = KNOWN[name] ?? (/[.:]/.test(name) ? [name] : undefined);
    if (known === undefined) throw new Error(`no ${name}`);
    return known;
  };
  return [...(await endpointsHere(urls, resolve, OWN))];
};

test('an endpoint is here whose name or address is of this computer', async () => {
  assert.equal(await here('http://a:1', 'http://b:1', 'http://c:1'), ['http://a:1', 'http://c:1']);
  const plain = ['http://10.0.0.1:1', 'http://[fd00::1]:1', 'http://127.0.0.9:1', 'http://[::1]:1'];
  assert.equal(await here(...plain, 'http://10.0.0.3:1'), plain);
});

test('a name that nobody knows is not here', async () => {
  assert.equal(await here('http://nowhere:1'), []);
});

test('what the system says of its own names is believed', async () => {
  assert.equal([...(await endpointsHere(['http://localhost:1']))], ['http://localhost:1']);
});

test.run();
