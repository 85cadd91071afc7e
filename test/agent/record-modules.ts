/** Loaded before a program: writes down every module that it loads, a line each. */

import { appendFileSync } from 'node:fs';
import { type LoadHook, register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const file = process.env['LOADED_MODULES'] ?? '';

/** Node calls this in a thread of its own. */
export const load: LoadHook = (url, context, next) => {
  appendFileSync(file, `${url}\n`);
  return next(url, context);
};

if (isMainThread) register(import.meta.url);
