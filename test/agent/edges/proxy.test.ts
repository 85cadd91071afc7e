import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { proxyFor } from '../../../agent/edges/proxy.ts';

const PLAIN = new URL('http://licenses.example.com/');
const SECURE = new URL('https://licenses.example.com:8443/');
const ENVIRONMENT = { HTTP_PROXY: 'http://one:3128', https_proxy: 'two.example:8080' };

const hostOf = (url: URL, environment: Readonly<Record<string, string>>): string =>
  proxyFor(url, environment)?.host ?? 'none';

test('each scheme has its proxy, in capitals or not, with its scheme or without', () => {
  assert.is(hostOf(PLAIN, ENVIRONMENT), 'one:3128');
  assert.is(hostOf(SECURE, ENVIRONMENT), 'two.example:8080');
  assert.is(hostOf(PLAIN, {}), 'none');
  assert.is(hostOf(PLAIN, { ALL_PROXY: 'http://all:1' }), 'all:1');
  assert.is(hostOf(PLAIN, { HTTP_PROXY: 'http://:bad:' }), 'none');
});

test('who is named in NO_PROXY is reached without', () => {
  const exempt = (list: string, url = SECURE): boolean =>
    hostOf(url, { ...ENVIRONMENT, NO_PROXY: list }) === 'none';
  for (const list of [
    '*',
    'licenses.example.com',
    'other, example.com',
    '.example.com',
    '*.example.com',
    'LICENSES.EXAMPLE.COM:8443',
  ]) {
    assert.ok(exempt(list), list);
  }
  for (const list of [
    '',
    'ample.com',
    'licenses.example.com:443',
    'example.org',
    'x.example.com',
  ]) {
    assert.not.ok(exempt(list), list);
  }
  assert.ok(exempt('licenses.example.com:80', PLAIN));
});

test.run();
