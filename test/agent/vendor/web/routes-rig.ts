/** The routes of a master without a network: one request at a time, and what it was answered. */

import { MasterDriver } from '../../../../agent/vendor/master-driver.ts';
import { DoorKeeper, passwordHash } from '../../../../agent/vendor/web/door-keeper.ts';
import type { HttpExchange } from '../../../../agent/vendor/web/http-exchange.ts';
import { MasterRoutes } from '../../../../agent/vendor/web/master-routes.ts';
import { PageVisitors } from '../../../../agent/vendor/web/page-visitor.ts';
import { version } from '../../../../agent/version.ts';
import { encodeMasterCall, type MasterCall } from '../../../../protocol/master-call.ts';
import { Bench, STAFF, VENDOR } from '../master/master-rig.ts';

export const PASSWORD = 'correct horse battery';

/** One request, and what it was answered. */
export class FakeExchange {
  readonly request;
  readonly from = '192.0.2.1';
  readonly credentials: undefined;
  readonly #body: Uint8Array;
  token = '';
  cookie = '';
  said = '';
  answer: unknown;

  constructor(url: string, body: Uint8Array | string, headers: Record<string, string> = {}) {
    this.request = { method: 'POST', url, headers: { 'usher-version': version, ...headers } };
    this.#body = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  }

  get isOfPage(): boolean {
    return 'origin' in this.request.headers;
  }

  async body(): Promise<Uint8Array> {
    return this.#body;
  }

  setCookie(value: string): void {
    this.cookie = value;
  }

  page(): void {
    this.said = 'page';
  }

  json(value: { kind?: string; code?: string }): void {
    this.answer = value;
    this.said = `json ${value.kind}${value.code === undefined ? '' : ` ${value.code}`}`;
  }

  bytes(): void {
    this.said = 'bytes';
  }

  refuse(code: string): void {
    this.said = code;
  }
}

export const openRoutes = (disk: { works: boolean } = { works: true }) => {
  const bench = new Bench();
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const store = {
    write: async () => {
      if (!disk.works) throw new Error('full');
    },
    between: async () => [],
  };
  const driver = new MasterDriver(bench.master, store, { now: () => bench.moment }, say);
  const routes = new MasterRoutes({
    driver,
    door: new DoorKeeper(bench.master, () => 0),
    root: VENDOR.publicKey,
    needsSignIn: false,
    pages: [{ method: 'GET', path: '/', needs: 'anyone', answer: () => {} }],
    visitors: new PageVisitors(['licenses.example.com'], undefined),
    now: () => 0,
    say,
  });
  const ask = async (exchange: FakeExchange, isPrivate = true, local = false): Promise<string> => {
    await routes.serve(exchange as unknown as HttpExchange, {
      local: local ? STAFF : undefined,
      isPrivate,
      arrival: { address: '127.0.0.1', isSecure: false },
    });
    return exchange.said;
  };
  const call = (made: MasterCall, theirs = version) => {
    const headers = { 'usher-version': theirs };
    return ask(new FakeExchange('/v1/requests', encodeMasterCall(made), headers), false);
  };
  /** An account of this customer, or of staff, signed in. */
  const enter = async (name: string, customer: string | null) => {
    const hash = await passwordHash(PASSWORD);
    const role = customer === null ? 'staff' : 'customer';
    bench.must('done', { kind: 'account-set', name, role, customer, hash });
    const door = new FakeExchange('/api/sign-in', JSON.stringify({ name, password: PASSWORD }));
    await ask(door);
    const { token } = door.answer as { token: string };
    return async (question: object): Promise<FakeExchange> => {
      const exchange = new FakeExchange('/api/operation', JSON.stringify(question));
      exchange.token = token;
      await ask(exchange);
      return exchange;
    };
  };
  return { bench, lines, routes, ask, call, enter };
};
