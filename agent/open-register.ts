/** Opens the line to the site's register, as the settings say. */

import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { readFileUpTo } from '../protocol/node/bounded-files.ts';
import { EtcdRegister } from './edges/site/etcd-register.ts';
import type { NamedFile } from './settings-table.ts';
import type { SiteSettings } from './site-settings.ts';
import { systemReason } from './system-reason.ts';
import { UsherError } from './usher-error.ts';

const PEM_MAX = 1_048_576;

/** Nobody is asked yet. Code: FILE_UNREADABLE, for a file that is not there or holds no such thing. */
export const openRegister = ({ endpoints, name, login, ...files }: SiteSettings): EtcdRegister =>
  new EtcdRegister({
    endpoints,
    prefix: `/usher/${name}/`,
    trust: {
      authority: files.authority === null ? undefined : readAuthority(files.authority),
      certificate: files.certificate === null ? undefined : readIdentity(files.certificate),
    },
    login,
  });

/** Who signs etcd's certificates. Code: FILE_UNREADABLE. */
export const readAuthority = (file: string): Uint8Array =>
  readPem('site-ca', file, 'a certificate', (ca) => {
    new X509Certificate(ca);
    createSecureContext({ ca });
  });

/** By what etcd knows this member. Code: FILE_UNREADABLE. */
export const readIdentity = (file: string): Uint8Array =>
  readPem('site-certificate', file, 'a certificate and the key of it', (pem) => {
    createSecureContext({ cert: pem, key: pem });
  });

const readPem = (
  setting: NamedFile,
  file: string,
  wanted: string,
  check: (pem: Buffer) => void,
): Uint8Array => {
  try {
    const pem = Buffer.from(readFileUpTo(file, PEM_MAX));
    check(pem);
    return pem;
  } catch (error) {
    const isRead = String((error as NodeJS.ErrnoException).code).startsWith('ERR_OSSL');
    const why = isRead ? `it does not hold ${wanted}, in PEM` : systemReason(error);
    throw new UsherError('FILE_UNREADABLE', `${setting} ${file} cannot be used: ${why}.`, error);
  }
};
