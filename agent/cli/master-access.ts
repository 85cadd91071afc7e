/** How commands reach a master: at its local endpoint, or over the network with a name and password. */

import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { isPlainText } from '../../protocol/fields.ts';
import { ownName } from '../admin/control-client.ts';
import { USER_HEADER } from '../admin/user-header.ts';
import { DataFolder } from '../edges/data-folder.ts';
import { UsherError } from '../usher-error.ts';
import type { MasterOutcome } from '../vendor/master/master-operations.ts';
import { type Command, type Invocation, JSON_FLAG } from './command.ts';

const TIMEOUT_MS = 30_000;
/** Bytes: the longest lists of a master are much shorter. */
const ANSWER_MAX = 256 * 1024 * 1024;
/** Characters of a refusal, which is shown as it is. */
const SENTENCE_MAX = 1000;
const FOLDER_VARIABLE = 'USHER_MASTER_DATA';
const PASSWORD_VARIABLE = 'USHER_MASTER_PASSWORD';
const DEFAULT_FOLDER = 'usher-master';

export const MASTER_DATA_FLAG = {
  data: {
    kind: 'text',
    value: 'FOLDER',
    summary: `the master's folder [${FOLDER_VARIABLE}; default: ${DEFAULT_FOLDER}]`,
  },
} as const satisfies Command['flags'];

/** What every command has that speaks to a running master. */
export const MASTER_FLAGS = {
  ...JSON_FLAG,
  ...MASTER_DATA_FLAG,
  url: {
    kind: 'text',
    value: 'URL',
    summary: 'a master on another computer, e.g. https://licenses.example.com:24711',
  },
  account: {
    kind: 'text',
    value: 'NAME',
    summary: `the account there; its password is read from ${PASSWORD_VARIABLE}`,
  },
} as const satisfies Command['flags'];

/** The password of --account. */
export const masterPassword = ({ terminal }: Invocation): string | undefined =>
  terminal.environment[PASSWORD_VARIABLE];

/** The folder of a master. */
export const masterFolder = ({ args, terminal }: Invocation): string =>
  args.text('data') ?? terminal.environment[FOLDER_VARIABLE] ?? DEFAULT_FOLDER;

/**
 * Asks a running master; a refusal becomes an error with its sentence. Codes: NO_AGENT,
 * NOT_PERMITTED, BROKEN_DATA, REFUSED, WRONG_USAGE.
 */
export const askMaster = async <K extends MasterOutcome['kind']>(
  invocation: Invocation,
  question: { readonly kind: string; readonly [field: string]: unknown },
  expected: K,
): Promise<Extract<MasterOutcome, { kind: K }>> => {
  const url = invocation.args.text('url');
  const outcome =
    url === undefined
      ? await askHere(masterFolder(invocation), question)
      : await askThere(url, question, invocation);
  if (outcome.kind === 'refused') throw new UsherError('REFUSED', outcome.sentence);
  if (outcome.kind === expected) return outcome as Extract<MasterOutcome, { kind: K }>;
  throw new UsherError(
    'BROKEN_DATA',
    'The master answers otherwise than it was asked: are both of the same version?',
  );
};

const askHere = (folder: string, question: unknown): Promise<MasterOutcome> => {
  const path = new DataFolder(folder).controlPath;
  const headers = { [USER_HEADER]: ownName() };
  const options = { socketPath: path, path: '/api/operation', headers };
  return post(request, options, question, (error) =>
    explain(error, `in ${folder}`),
  ) as Promise<MasterOutcome>;
};

const askThere = async (
  url: string,
  question: unknown,
  invocation: Invocation,
): Promise<MasterOutcome> => {
  const { args } = invocation;
  const name = args.text('account');
  const password = masterPassword(invocation);
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new UsherError('WRONG_USAGE', '--url is an address like https://licenses.example.com.');
  }
  if (name === undefined || password === undefined) {
    throw new UsherError(
      'WRONG_USAGE',
      `--url needs --account NAME and, in ${PASSWORD_VARIABLE}, its password.`,
    );
  }
  const { protocol, hostname, port } = new URL(url);
  const send = protocol === 'https:' ? (await import('node:https')).request : request;
  const at = { hostname: hostname.replace(/^\[|\]$/g, ''), port };
  const ask = (path: string, headers: Record<string, string>, body: unknown): Promise<unknown> =>
    post(send, { ...at, path, headers }, body, (error) => explain(error, `at ${url}`));
  const { token } = (await ask('/api/sign-in', {}, { name, password })) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const outcome = await ask('/api/operation', headers, question);
  await ask('/api/sign-out', headers, {});
  return outcome as MasterOutcome;
};

const post = (
  send: typeof request,
  options: RequestOptions,
  value: unknown,
  explained: (error: NodeJS.ErrnoException) => UsherError,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify(value);
    const headers = {
      ...(options.headers as Record<string, string>),
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const outgoing = send(
      { ...options, headers, method: 'POST', timeout: TIMEOUT_MS },
      (response) => {
        read(response).then(resolve, (error) =>
          reject(error instanceof UsherError ? error : explained(error)),
        );
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', (error) => reject(explained(error)));
    outgoing.end(body);
  });

/** Anybody may answer there. */
const read = async (response: IncomingMessage): Promise<object> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_MAX) throw noMaster('with too much');
    chunks.push(chunk);
  }
  const status = response.statusCode ?? 0;
  const answer = objectIn(Buffer.concat(chunks).toString('utf8'));
  if (status === 200 && answer !== undefined) return answer;
  const sentence = answer !== undefined && 'sentence' in answer ? answer.sentence : undefined;
  const isSaid =
    typeof sentence === 'string' && sentence.length <= SENTENCE_MAX && isPlainText(sentence);
  if (status === 200 || !isSaid) throw noMaster(`with status ${status}`);
  throw new UsherError(status === 401 || status === 403 ? 'NOT_PERMITTED' : 'REFUSED', sentence);
};

const noMaster = (how: string): UsherError =>
  new UsherError('BROKEN_DATA', `What answers there is no master of Usher: it answers ${how}.`);

const objectIn = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

const explain = (error: NodeJS.ErrnoException, where: string): UsherError => {
  switch (error.code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return new UsherError(
        'NO_AGENT',
        `No master runs ${where}. Start one with \`usher master serve\`, or name its folder with --data.`,
        error,
      );
    case 'EACCES':
    case 'EPERM':
      return new UsherError('NOT_PERMITTED', `This user may not ask the master ${where}.`, error);
    default:
      return new UsherError(
        'NO_AGENT',
        `The master ${where} does not answer: ${error.message}.`,
        error,
      );
  }
};
