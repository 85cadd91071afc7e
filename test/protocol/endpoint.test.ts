import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { endpointToText, isSameEndpoint } from '../../protocol/endpoint.ts';

const endpoints = suite('endpoint');

endpoints('text as people type it, IPv6 in brackets', () => {
  assert.is(endpointToText({ address: '192.0.2.1', port: 24711 }), '192.0.2.1:24711');
  assert.is(endpointToText({ address: 'fe80::1%eth0', port: 1 }), '[fe80::1%eth0]:1');
});

endpoints('the same address and port are the same, whatever socket heard them', () => {
  const one = { address: '192.0.2.1', port: 7 };
  assert.ok(isSameEndpoint(one, { ...one, via: 3 }));
  assert.not(isSameEndpoint(one, { ...one, port: 8 }));
  assert.not(isSameEndpoint(one, { ...one, address: '192.0.2.2' }));
});

endpoints.run();
