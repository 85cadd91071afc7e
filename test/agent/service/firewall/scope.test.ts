import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type InterfaceTable,
  localNetworks,
  outerInterfaces,
  parseScope,
} from '../../../../agent/service/firewall/scope.ts';

const TABLE: InterfaceTable = {
  lo: [{ family: 'IPv4', address: '127.0.0.1', cidr: '127.0.0.1/8', internal: true }],
  eth0: [
    { family: 'IPv4', address: '10.1.2.200', cidr: '10.1.2.200/25', internal: false },
    { family: 'IPv6', address: 'fe80::1', cidr: 'fe80::1/64', internal: false },
  ],
  wlan0: [{ family: 'IPv4', address: '192.168.7.9', cidr: '192.168.7.9/16', internal: false }],
};

test('the networks that this computer is in, but for itself', () => {
  assert.equal(localNetworks(null, TABLE), ['10.1.2.128/25', '192.168.0.0/16', 'fe80::/10']);
  assert.equal(localNetworks(['wlan0'], TABLE), ['192.168.0.0/16']);
  assert.equal(outerInterfaces(null, TABLE), ['eth0', 'wlan0']);
});

test('a scope is local, addresses and networks, and nothing else', () => {
  const local = ['10.0.0.0/24'];
  assert.equal(parseScope('local', local), local);
  assert.equal(parseScope('local, 10.9.8.7/16,10.1.1.1', local), [
    '10.0.0.0/24',
    '10.9.0.0/16',
    '10.1.1.1',
  ]);
  assert.equal(parseScope('10.1.1.1/32 0.0.0.0/0 fd00::/8', local), [
    '10.1.1.1',
    '0.0.0.0/0',
    'fd00::/8',
  ]);
  for (const text of [
    '',
    'all',
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/8/8',
    'fe80::1%eth0',
    '::/129',
  ]) {
    assert.is(parseScope(text, local), undefined, text);
  }
  assert.is(parseScope('10.0.0.1; rm -rf', local), undefined);
});

test.run();
