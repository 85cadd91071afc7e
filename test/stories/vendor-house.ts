/** A vendor's house for one story: its keys, and a master that runs there. */

import * as assert from 'uvu/assert';
import { CALL_TYPE, encodeMasterCall, type MasterCall } from '../../protocol/master-call.ts';
import type { SignedLicense } from '../../protocol/signed-license.ts';
import { readLicense, type Told, tell } from '../agent/vendor/master/master-rig.ts';
import type { Running } from './program.ts';
import { Site } from './site.ts';

export const TERMS = [
  '--product',
  'acme-cad',
  '--customer',
  'Example Ltd',
  '--seats',
  '3',
] as const;

/** Good on whatever computer the story is told. */
export const HERE = ['--allow-virtual', '--container', 'allow', '--allow-unknown'] as const;

/** A vendor's folder with a master that runs in it, by an issuing key: the root key is elsewhere. */
export class VendorHouse implements AsyncDisposable {
  readonly site: Site;
  #serving: Running | undefined;
  #port = 0;
  /** The name of the issuing key's files, and the key. */
  #issuing = '';
  issuer = '';

  private constructor(site: Site) {
    this.site = site;
  }

  static async open(...flags: readonly string[]): Promise<VendorHouse> {
    const house = new VendorHouse(await Site.open());
    await house.site.usher('vendor', 'keygen', '--out', 'root.key');
    await house.certify('issuing');
    await house.serve(...flags);
    await house.master('customer', 'add', 'Example Ltd', '--mail', 'it@example.com');
    return house;
  }

  /** Makes an issuing key and has the root key certify it: the master signs with it from its next start. */
  async certify(name: string): Promise<void> {
    const made = ['vendor', 'keygen', '--out', `${name}.key`] as const;
    const { publicKey } = await this.site.json<{ publicKey: string }>(...made);
    const done = await this.site.usher(
      ...['vendor', 'certify', '--key', 'root.key', '--issuer', publicKey],
      ...['--until', '2099-12-31', '--uses', 'licenses,activations,standings'],
      ...['--out', `${name}.txt`],
    );
    assert.is(done.code, 0, done.stderr);
    this.#issuing = name;
    this.issuer = publicKey;
  }

  /** The port that the system chose. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  async serve(...flags: readonly string[]): Promise<void> {
    const keys = ['--key', `${this.#issuing}.key`, '--certificate', `${this.#issuing}.txt`];
    const place = ['--data', 'house', '--port', String(this.#port)];
    this.#serving = this.site.start(['master', 'serve', ...place, ...keys, ...flags]);
    const [, port] = await this.#serving.saying(/Master on https?:\/\/127\.0\.0\.1:(\d+)\//);
    this.#port = Number(port);
  }

  /** Ends it: in good order, or as a power cut does. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.#serving?.kill(signal);
    await this.#serving?.ending();
  }

  /** What somebody of the vendor's types; it must not be refused. */
  async master(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.site.usher('master', ...words, '--data', 'house');
    assert.is(code, 0, stderr);
    return stdout;
  }

  async json<T>(...words: readonly string[]): Promise<T> {
    return JSON.parse(await this.master(...words, '--json')) as T;
  }

  /** A license, as text. */
  async order(...more: readonly string[]): Promise<{ id: string; text: string }> {
    const { license, text } = await this.json<{ license: { id: string }; text: string }>(
      ...['license', 'issue', ...TERMS, ...more],
    );
    return { id: license.id, text };
  }

  async issue(...more: readonly string[]): Promise<SignedLicense> {
    return readLicense((await this.order(...more)).text);
  }

  /** What an agent posts. */
  post(call: MasterCall, headers: Record<string, string> = {}): Promise<Response> {
    return this.postBytes(encodeMasterCall(call), headers);
  }

  postBytes(body: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
    const type = { 'content-type': CALL_TYPE, 'usher-version': '1.0.0' };
    return fetch(`${this.url}/v1/requests`, {
      method: 'POST',
      headers: { ...type, ...headers },
      body: new Uint8Array(body),
    });
  }

  /** The answer to it. */
  async ask(call: MasterCall, headers: Record<string, string> = {}): Promise<Told> {
    const response = await this.post(call, headers);
    assert.is(response.status, 200);
    assert.is(response.headers.get('content-type'), CALL_TYPE);
    return tell(new Uint8Array(await response.arrayBuffer()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.site.close();
  }
}

/** Why a master did not answer. */
export const codeOf = async (response: Response): Promise<unknown> => {
  const { code } = (await response.json()) as { code: unknown };
  return code;
};
