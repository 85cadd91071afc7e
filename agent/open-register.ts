/** Opens the line to the site's register, as the settings say. */

import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { readFileUpTo } from '../protocol/node/bounded-files.ts';
import { EtcdRegister } from './edges/site/etcd-register.ts';
import type { SiteSettings } from './site-settings.ts';
import { systemReason } from './system-reason.ts';
import { UsherError } from './usher-error.ts';

const PEM_MAX = 1_048_576;

/** Nobody is asked yet. Code: FILE_UNREADABLE, for a file that is not there or holds no such thing. */
export const openRegister = (site: SiteSettings): EtcdRegister => {
  const authority = readPem('site-ca', site.authority, 'a certificate', (ca) => {
    new X509Certificate(ca);
    createSecureContext({ ca });
  });
  const wanted = 'a certificate and the key of it';
  const certificate = readPem('site-certificate', site.certificate, wanted, (pem) => {
    createSecureContext({ cert: pem, key: pem });
  });
  return new EtcdRegister({
    endpoints: site.endpoints,
    prefix: `/usher/${site.name}/`,
    trust: { authority, certificate },
    login: site.login,
  });
};

const readPem = (
  setting: string,
  file: string | null,
  wanted: string,
  check: (pem: Buffer) => void,
): Uint8Array | undefined => {
  if (file === null) return undefined;
  try {
    const pem = Buffer.from(readFileUpTo(file, PEM_MAX));
    check(pem);
    return pem;
  } catch (error) {
    const isRead = String((error as NodeJS.ErrnoException).code).startsWith('ERR_OSSL');
    const why = isRead ? `it does not hold ${wanted}, in PEM` : systemReason(error);
    throw new UsherError('FILE_UNREADABLE', `Cannot use ${setting} ${file}: ${why}.`, error);
  }
};
