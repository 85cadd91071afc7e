import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  chooseStandalone,
  type StandaloneFault,
  type StandaloneQuestion,
} from '../../../protocol/client/standalone.ts';
import { explainStandalone } from '../../../protocol/client/standalone-sentences.ts';
import { makeHostCode } from '../../../protocol/host-code.ts';
import { toHostComponents } from '../../../protocol/host-component.ts';
import type { License } from '../../../protocol/license.ts';
import { LICENSE_ID_SIZE } from '../../../protocol/limits.ts';
import { nativePrimitives as primitives } from '../../../protocol/node/native-primitives.ts';
import { err, ok } from '../../../protocol/result.ts';
import { openLicense, type SignedLicense, signLicense } from '../../../protocol/signed-license.ts';
import { epochSeconds, seconds } from '../../../protocol/units.ts';

const NOW = epochSeconds(1_800_000_000);
const DAY = 86_400;
const keys = primitives.signingKeys(new Uint8Array(32).fill(1));
const others = primitives.signingKeys(new Uint8Array(32).fill(2));

const HOST = { 'machine-id': ['aabbcc1'], mac: ['f0:1f:af:12:34:56'], cpu: ['intel i7'] };
const codeOf = (values: Parameters<typeof toHostComponents>[0]): Uint8Array =>
  makeHostCode(toHostComponents(values), primitives.sha512);
const HERE = codeOf(HOST);
const ELSEWHERE = codeOf({ ...HOST, mac: ['f0:1f:af:99:99:99'], 'machine-id': ['ddeeff2'] });

const TERMS: Omit<License, 'id'> = {
  type: 'standalone',
  product: 'acme-cad',
  customer: 'Bauhaus Ltd',
  issued: NOW,
  starts: epochSeconds(NOW - DAY),
  expires: epochSeconds(NOW + DAY),
  trial: null,
  term: seconds(600),
  pools: [],
  counting: 'process',
  features: ['render'],
  versions: { oldest: '12', newest: '13' },
  maintenance: epochSeconds(NOW),
  resource: null,
  meters: [],
  borrow: null,
  supersedes: [],
  activation: { agents: 1, emergency: null, refresh: null, master: null },
  hosts: { virtual: 'allow', container: 'allow', unknown: 'allow' },
  hostCode: HERE,
  children: null,
};

let issued = 0;
const issue = (terms: Partial<License> = {}, signer = keys): SignedLicense => {
  const id = new Uint8Array(LICENSE_ID_SIZE).fill(++issued);
  const bytes = signLicense({ ...TERMS, ...terms }, id, signer, primitives);
  const opened = openLicense(bytes, primitives);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
};

const QUESTION: StandaloneQuestion = {
  wish: {
    product: 'acme-cad',
    features: ['render'],
    version: '13.2',
    released: epochSeconds(NOW - DAY),
    resource: null,
  },
  vendorKeys: [keys.publicKey],
  wall: NOW,
  seen: epochSeconds(0),
  hostCode: HERE,
  sha512: primitives.sha512,
  firstUse: () => undefined,
};

/** The fault of one license, or `none`. */
const faultOf = (
  terms: Partial<License>,
  question: Partial<StandaloneQuestion> = {},
): StandaloneFault | 'none' | undefined => {
  const chosen = chooseStandalone([ok(issue(terms))], { ...QUESTION, ...question });
  return chosen.ok ? 'none' : chosen.error;
};
const wish = (changes: Partial<StandaloneQuestion['wish']>): Partial<StandaloneQuestion> => ({
  wish: { ...QUESTION.wish, ...changes },
});

const judged = suite('standalone license');

judged('one for this computer serves to its end, activated or not', () => {
  const license = issue();
  const chosen = chooseStandalone([ok(license)], QUESTION);
  assert.equal(chosen, { ok: true, value: { signed: license, ends: TERMS.expires } });
  assert.is(faultOf({}, { vendorKeys: null }), 'none');
  const endless = chooseStandalone([ok(issue({ expires: null }))], {
    ...QUESTION,
    seen: epochSeconds(NOW + 9 * DAY),
  });
  assert.ok(endless.ok && endless.value.ends === null);
});

judged('each thing that is wrong has its fault', () => {
  const third = primitives.signingKeys(new Uint8Array(32).fill(3)).publicKey;
  assert.equal(faultOf({}, { vendorKeys: [third] }), { kind: 'other-vendor' });
  assert.equal(faultOf({ product: 'acme-cam' }), { kind: 'other-product', product: 'acme-cam' });
  assert.equal(faultOf({ type: 'server', hostCode: null }), { kind: 'other-type', type: 'server' });
  const host = faultOf({ hostCode: ELSEWHERE });
  assert.ok(host !== 'none' && host?.kind === 'other-host' && host.components.length === 3);
  const starts = epochSeconds(NOW + 1);
  assert.equal(faultOf({ starts }), { kind: 'pending', starts });
  assert.is(faultOf({ starts: NOW }), 'none');
  assert.equal(faultOf({ expires: NOW }), { kind: 'expired', ended: NOW });
  assert.is(faultOf({ expires: epochSeconds(NOW + 1) }), 'none');
});

judged('what the application wants must be covered', () => {
  const codes: readonly (readonly [Partial<StandaloneQuestion['wish']>, string])[] = [
    [{ features: ['render', 'export'] }, 'no-feature'],
    [{ version: '14' }, 'no-version'],
    [{ version: null }, 'version-needed'],
    [{ released: epochSeconds(NOW) }, 'no-maintenance'],
    [{ released: null }, 'version-needed'],
    [{ resource: 'sales' }, 'no-resource'],
  ];
  for (const [change, code] of codes) {
    assert.equal(faultOf({}, wish(change)), { kind: 'refused', code }, code);
  }
  assert.equal(faultOf({ resource: 'sales' }), { kind: 'refused', code: 'resource-needed' });
  assert.is(faultOf({ resource: 'Sales' }, wish({ resource: 'sales' })), 'none');
  assert.is(faultOf({ resource: '*' }, wish({ resource: 'sales' })), 'none');
});

judged('a clock that was turned back revives nothing', () => {
  const seen = epochSeconds(NOW + DAY);
  assert.equal(faultOf({}, { seen }), { kind: 'clock-back', seen });
  assert.is(faultOf({}, { seen: epochSeconds(NOW + DAY - 1) }), 'none');
});

judged('a trial ends its days after its first use, or with its license', () => {
  const trial = seconds(2 * DAY);
  const begun = (ago: number) => ({ firstUse: () => epochSeconds(NOW - ago) });
  const ends = (terms: Partial<License>, question: Partial<StandaloneQuestion>) => {
    const chosen = chooseStandalone([ok(issue(terms))], { ...QUESTION, ...question });
    return chosen.ok ? chosen.value.ends : null;
  };
  assert.is(ends({ trial, expires: null }, {}), NOW + 2 * DAY);
  assert.is(ends({ trial, expires: null }, begun(DAY)), NOW + DAY);
  assert.is(ends({ trial }, {}), NOW + DAY);
  assert.equal(faultOf({ trial }, begun(2 * DAY)), { kind: 'expired', ended: NOW });
});

judged('of several the first that serves is taken', () => {
  const good = issue();
  const licenses = [err('damaged' as const), ok(issue({ expires: NOW })), ok(good), ok(issue())];
  const chosen = chooseStandalone(licenses, QUESTION);
  assert.ok(chosen.ok && chosen.value.signed === good);
});

judged('of several that do not, the one that came closest is told', () => {
  const licenses = [
    ok(issue({}, others)),
    ok(issue({ expires: NOW })),
    ok(issue({ hostCode: ELSEWHERE })),
    err('damaged' as const),
  ];
  assert.equal(chooseStandalone(licenses, QUESTION), err({ kind: 'expired', ended: NOW }));
  assert.equal(chooseStandalone([], QUESTION), err(undefined));
  const damaged = chooseStandalone([err('damaged')], QUESTION);
  assert.equal(damaged, err({ kind: 'unreadable', fault: 'damaged' }));
});

judged('a license for another computer says what differs', () => {
  const place = { product: 'acme-cad', file: '/l.txt', memory: '/m.json', date: String };
  const sentence = (terms: Partial<License>): string => {
    const fault = faultOf(terms);
    return fault === 'none' ? '' : explainStandalone(fault, place).sentence;
  };
  assert.is(
    sentence({ hostCode: ELSEWHERE }),
    'The license of acme-cad is for another computer: system installation and network port differ.',
  );
  assert.is(
    sentence({ hostCode: codeOf({ mac: ['f0:1f:af:99:99:99'], cpu: HOST.cpu }) }),
    'The license of acme-cad is for another computer: network port differs.',
  );
  assert.is(
    sentence({ hostCode: Uint8Array.of(1) }),
    'The license of acme-cad is for another computer: nothing in it tells which.',
  );
});

judged.run();
