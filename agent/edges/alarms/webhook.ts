/** Tells an alarm to a web address: one POST of JSON. */

import { request } from 'node:http';
import { request as requestSecure } from 'node:https';

const PATIENCE_MS = 10_000;

/** Resolves when it was taken (2xx); rejects with why not. */
export const postJson = (address: URL, value: unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify(value);
    const make = address.protocol === 'https:' ? requestSecure : request;
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const outgoing = make(address, { method: 'POST', headers, signal }, (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      if (statusCode >= 200 && statusCode < 300) resolve();
      else reject(new Error(`it answers ${statusCode}`));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
