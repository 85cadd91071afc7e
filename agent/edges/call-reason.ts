/** Why a call over HTTP came to nothing. */

import { systemReason } from '../system-reason.ts';

/** Words that fit behind a colon; Node's own for names and certificates say more than their codes. */
export const callReason = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name is not known';
  if (code === 'ECONNREFUSED') return 'nobody answers there';
  if (code?.startsWith('E') === true && !code.startsWith('ERR_')) return systemReason(error);
  return message === '' ? String(code) : message.replace(/\.$/, '');
};
