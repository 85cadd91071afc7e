/** What is secret is overwritten when it has been used, as far as this program holds it. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AddressCookie } from '../../../agent/core/sessions/address-cookie.ts';
import { SessionTable } from '../../../agent/core/sessions/session-table.ts';
import { AgentLink } from '../../../protocol/client/agent-link.ts';
import type { KnownAgent } from '../../../protocol/client/agent-list.ts';
import { SeatSession } from '../../../protocol/client/seat-session.ts';
import { SPOKEN } from '../../../protocol/offers.ts';
import { portablePrimitives } from '../../../protocol/portable-primitives.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { deriveSessionKeys } from '../../../protocol/seal.ts';
import { epochSeconds, instant } from '../../../protocol/units.ts';

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
const secretBytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

/** Primitives that remember what secret bytes they were given and gave. */
const watched = () => {
  const hashed: Uint8Array[] = [];
  const digests: Uint8Array[] = [];
  const shared: Uint8Array[] = [];
  const secrets: Uint8Array[] = [];
  const primitives: Primitives = {
    ...portablePrimitives,
    sha512: (bytes) => {
      hashed.push(bytes);
      return portablePrimitives.sha512(bytes);
    },
    sha512Secret: (bytes) => {
      const digest = portablePrimitives.sha512Secret(bytes);
      hashed.push(bytes);
      digests.push(digest);
      return digest;
    },
    agreementKeys: (secret) => {
      secrets.push(secret);
      return portablePrimitives.agreementKeys(secret);
    },
    agree: (secret, key) => {
      const found = portablePrimitives.agree(secret, key);
      if (found !== undefined) shared.push(found);
      return found;
    },
  };
  return { primitives, hashed, digests, shared, secrets };
};

const AGENT = portablePrimitives.agreementKeys(secretBytes(7));

const knownAgent = (): KnownAgent => {
  const epoch = secretBytes(1).slice(0, 8);
  const offer = {
    ...{ nonce: new Uint8Array(16), versions: SPOKEN, agentKey: AGENT.publicKey, epoch },
    ...{ cookie: secretBytes(2).slice(0, 16), name: 'office', version: '1', products: [], more: 0 },
  };
  const endpoint = { address: '10.0.0.1', port: 24_711 };
  return { offer, endpoint, epoch, failure: undefined };
};

const secrets = suite('secrets');

secrets('of a derivation nothing stays but the two keys', () => {
  const { primitives, hashed, digests, shared } = watched();
  const ends = { ownSecret: secretBytes(3), otherKey: AGENT.publicKey };
  const keys = deriveSessionKeys(
    { ...ends, clientKey: secretBytes(4), agentKey: AGENT.publicKey },
    primitives,
  );
  assert.ok(keys && !isZero(keys.request) && !isZero(keys.reply));
  assert.is(shared.length, 1);
  assert.ok([...shared, ...hashed, ...digests].every(isZero));
});

secrets('a closed session keeps neither its secret nor its keys, and says nothing more', () => {
  const { primitives, secrets: held } = watched();
  const own = secretBytes(5);
  const link = new AgentLink(own, primitives);
  const agent = knownAgent();
  assert.ok(link.hello(agent, new Uint8Array(32)));
  link.close();
  assert.is(held.length, 1);
  assert.ok(held.every(isZero));
  assert.not(isZero(own), 'that of who made the session is its own affair');
  assert.is(link.hello(agent, new Uint8Array(32)), undefined);
  assert.is(link.request(agent, new Uint8Array(32)), undefined);
});

secrets('a seat’s session is closed when it is over', () => {
  const { primitives, secrets: held } = watched();
  const holder = { user: 'mira', host: 'ws', process: 1, application: 'x' };
  const features = Array.from({ length: 64 }, (_, i) => `${i}`.padEnd(64, 'x'));
  const session = new SeatSession({
    wish: {
      ...{ product: 'acme', class: null, resource: null, features, weight: 1 },
      ...{ version: null, released: null, holder },
    },
    ...{ wait: false, regain: false, vendorKeys: null, patience: 1000, primitives },
    ...{ secret: secretBytes(6), nonce: new Uint8Array(16), documents: new Map() },
  });
  assert.not(held.every(isZero));
  session.step({ kind: 'start' }, { mono: instant(0), wall: epochSeconds(0) });
  assert.ok(session.isOver, 'too long for a datagram');
  assert.ok(held.every(isZero));
});

secrets('the agent keeps a session’s keys in one place, until the session ends', () => {
  const sessions = new SessionTable(new Uint8Array(16));
  const slot = sessions.open(secretBytes(8));
  const keys = { request: secretBytes(9), reply: secretBytes(10) };
  sessions.takeKeys(slot, keys);
  assert.ok(isZero(keys.request) && isZero(keys.reply));
  const [request, reply] = [new Uint8Array(32), new Uint8Array(32)];
  const read = (): void => {
    sessions.readRequestKey(slot, request);
    sessions.readReplyKey(slot, reply);
  };
  read();
  assert.equal([...request], [...secretBytes(9)]);
  assert.equal([...reply], [...secretBytes(10)]);
  sessions.close(slot);
  read();
  assert.ok(isZero(request) && isZero(reply));
});

secrets('a cookie leaves no copy of the agent’s secret', () => {
  const { primitives, hashed } = watched();
  const cookies = new AddressCookie(secretBytes(11), primitives);
  const at = { address: '10.0.0.2', port: 5 };
  const cookie = cookies.make(at, instant(0));
  assert.ok(cookies.isValid(cookie, at, instant(0)));
  assert.ok(hashed.length > 1 && hashed.every(isZero));
});

secrets.run();
