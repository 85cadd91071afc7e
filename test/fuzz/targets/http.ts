/** What comes in over HTTP: bodies, paths and hosts. */

import { readNoted } from '../../../agent/admin/history-routes.ts';
import { parseOperation } from '../../../agent/admin/parse-operation.ts';
import { parseConsoleRequest } from '../../../agent/admin/web/console-door.ts';
import { isOurHost, isOurPage } from '../../../agent/admin/web/visitor-checks.ts';
import { parseHostFacts } from '../../../agent/core/host/host-facts.ts';
import { promise, type Target, toBytes, toText } from '../target.ts';

const WISH = {
  product: 'acme',
  class: null,
  resource: 'db',
  features: ['render'],
  weight: 2,
  version: '1.2',
  released: 1_700_000_000,
  holder: { user: 'ann', host: 'desk', application: 'cad' },
};

const BODIES: readonly unknown[] = [
  { kind: 'status' },
  { kind: 'license-add', text: '-----BEGIN USHER LICENSE-----' },
  { kind: 'license-show', id: 'abc' },
  { kind: 'seat-disconnect', id: 'abc', force: true },
  { kind: 'rules-edit', change: { kind: 'add', line: 'exclude user bob from acme', before: 3 } },
  { kind: 'rules-edit', change: { kind: 'remove', line: 3 } },
  { kind: 'rules-write', text: 'a', was: 'b' },
  { kind: 'explain', wish: WISH, address: '10.0.0.1', rules: null },
  { kind: 'user-list', product: 'acme' },
  { kind: 'user-assign', product: null, class: 'x', users: ['ann', 'bob'] },
  { kind: 'user-recall', product: 'acme', users: ['ann'], force: false },
  { kind: 'resource-add', names: ['db1'], customer: 'ACME' },
  { kind: 'resource-activate', name: 'db1', license: 'abc', customer: null },
  { kind: 'resource-remove', name: 'db1' },
  { kind: 'link', user: 'ann' },
  { kind: 'password', role: 'viewer', password: 'correct horse' },
  { kind: 'facts', system: 'linux', cpu: { vendor: 'x' }, dmi: { systemVendor: 'y' } },
];

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const readPlaces = (text: string): void => {
  const arrival = {
    localAddress: '192.168.1.5',
    remoteAddress: '192.168.1.9',
    port: 24_711,
    isSecure: true,
    names: ['desk'],
  };
  if (isOurHost(text, arrival)) {
    promise(/^(192\.168\.1\.5|desk(\..*)?):24711$/is.test(text), 'only our names are ours');
  }
  isOurPage({ origin: text, host: 'desk:24711' }, true);
  readNoted(text);
};

export const httpBody: Target = {
  name: 'http-body',
  shape: 'text',
  most: 4096,
  words: [
    '"kind":',
    '"wish":{',
    '"',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    'null',
    'true',
    '1e999',
    '\\u0000',
  ],
  seeds: () => [
    ...BODIES.map((body) => toBytes(JSON.stringify(body))),
    ...['desk:24711', 'desk.example:24711', '[::1]:80', `7:${'0'.repeat(64)}`].map(toBytes),
  ],
  run: (bytes) => {
    const text = toText(bytes);
    const value = parse(text);
    const operation = parseOperation(value);
    if (operation !== undefined) {
      const again = parseOperation(JSON.parse(JSON.stringify(operation)));
      promise(
        JSON.stringify(again) === JSON.stringify(operation),
        `an operation reads as it was written: ${JSON.stringify(operation)}`,
      );
    }
    parseConsoleRequest(value);
    parseHostFacts(value);
    readPlaces(text);
  },
};
