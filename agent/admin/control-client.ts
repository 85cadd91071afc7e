/** Asks the running agent through its local endpoint. */

import { request } from 'node:http';
import type { Operation, Outcome } from '../core/operations.ts';
import { UsherError } from '../usher-error.ts';

const TIMEOUT_MS = 30_000;

/** The outcome of an operation. Codes: NO_AGENT, NOT_PERMITTED, BROKEN_DATA. */
export const askAgent = async (path: string, operation: Operation): Promise<Outcome> => {
  const { status, body } = await post(path, JSON.stringify(operation));
  if (status !== 200) {
    throw new UsherError(
      'BROKEN_DATA',
      `The agent did not understand this command (${status}): are both of the same version?`,
    );
  }
  return JSON.parse(body) as Outcome;
};

const post = (path: string, body: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const options = {
      socketPath: path,
      path: '/operation',
      method: 'POST',
      headers,
      timeout: TIMEOUT_MS,
    };
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', (error) => reject(explain(error, path)));
    outgoing.end(body);
  });

const explain = (error: NodeJS.ErrnoException, path: string): UsherError => {
  switch (error.code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return new UsherError(
        'NO_AGENT',
        `No agent runs on this data folder (nothing listens at ${path}). Start one with \`usher serve\`, or name its folder with --data.`,
        error,
      );
    case 'EACCES':
    case 'EPERM':
      return new UsherError(
        'NOT_PERMITTED',
        `This user may not administer the agent (${path}). Run the command as the agent's user or as administrator.`,
        error,
      );
    default:
      return new UsherError(
        'NO_AGENT',
        `The agent at ${path} does not answer: ${error.message}.`,
        error,
      );
  }
};
