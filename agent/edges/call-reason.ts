/** Why a call over HTTP came to nothing. */

import { systemReason } from '../system-reason.ts';

/** Words that fit behind a colon; Node's own for names and certificates say more than their codes. */
export const callReason = (error: unknown): string => {
  const { code = '', message, reason } = error as NodeJS.ErrnoException & { reason?: unknown };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name is not known';
  if (code === 'ECONNREFUSED') return 'nobody answers there';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection was cut off there';
  if (UNTRUSTED.includes(code))
    return 'its certificate is signed by nobody who is trusted here for that';
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired';
  if (code === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet';
  if (/ALERT_(BAD_CERTIFICATE|CERTIFICATE_REQUIRED|UNKNOWN_CA)/.test(code))
    return 'it takes nobody without a certificate that it trusts';
  if (code.startsWith('E') && !code.startsWith('ERR_')) return systemReason(error);
  const words = typeof reason === 'string' ? reason : message;
  return words === '' ? code : words.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
};

/** How Node says that nobody who is trusted answers for a certificate. */
const UNTRUSTED = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
