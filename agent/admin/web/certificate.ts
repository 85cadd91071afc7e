/** The console's certificate on the network: the administrator's, or one made here for want of it. */

import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { systemReason } from '../../system-reason.ts';
import { UsherError } from '../../usher-error.ts';
import * as der from './der.ts';

export interface Certificate {
  /** Both in PEM. */
  readonly cert: string;
  readonly key: string;
  /** SHA-256, in hex with colons, as browsers show it. */
  readonly fingerprint: string;
}

const DAY_MS = 86_400_000;
/** Some systems trust none that lasts longer than 825 days. */
const LIFE_DAYS = 800;
/** One that ends sooner is made anew. */
const SPARE_DAYS = 30;

/** The certificate in the administrator's file. Code: FILE_UNREADABLE. */
export const readCertificate = async (path: string): Promise<Certificate> => {
  try {
    return toCertificate(await readFile(path, 'utf8'));
  } catch (error) {
    const why = error instanceof UsherError ? error.message : systemReason(error);
    throw new UsherError(
      'FILE_UNREADABLE',
      `${path} holds no certificate and key in PEM that the console can use: ${why}.`,
      error,
    );
  }
};

/** The one made before, or another where that ends soon or names this computer otherwise. */
export const ownCertificate = async (
  path: string,
  names: readonly string[],
  now: Date,
): Promise<Certificate> => {
  const kept = await readFile(path, 'utf8')
    .then(toCertificate)
    .catch(() => undefined);
  if (kept !== undefined && isGood(kept, names, now)) return kept;
  const made = makeCertificate(names, now);
  await writeFile(path, `${made.cert}${made.key}`, { mode: 0o600 });
  return made;
};

const isGood = ({ cert }: Certificate, names: readonly string[], now: Date): boolean => {
  const { validTo, subjectAltName = '' } = new X509Certificate(cert);
  const isNamed = names.every((name) => subjectAltName.includes(name));
  return isNamed && Date.parse(validTo) - now.getTime() > SPARE_DAYS * DAY_MS;
};

const toCertificate = (pem: string): Certificate => {
  const cert = blocksOf(pem, 'CERTIFICATE');
  const key = blocksOf(pem, '(?:EC |RSA )?PRIVATE KEY');
  if (cert === '' || key === '') throw new UsherError('FILE_UNREADABLE', 'a part is missing');
  return { cert, key, fingerprint: new X509Certificate(cert).fingerprint256 };
};

const blocksOf = (pem: string, kind: string): string =>
  (pem.match(new RegExp(`-----BEGIN ${kind}-----[^-]+-----END ${kind}-----`, 'g')) ?? [])
    .map((block) => `${block}\n`)
    .join('');

const ECDSA_SHA256 = '1.2.840.10045.4.3.2';

/** Signed by itself, with a key on P-256: the curve that every browser takes. */
const makeCertificate = (names: readonly string[], now: Date): Certificate => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = der.sequence(
    der.set(der.sequence(der.identifier('2.5.4.3'), der.utf8((names[0] ?? 'usher').slice(0, 64)))),
  );
  const algorithm = der.sequence(der.identifier(ECDSA_SHA256));
  const end = new Date(now.getTime() + LIFE_DAYS * DAY_MS);
  const content = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    // An hour back: clocks differ.
    der.sequence(der.time(new Date(now.getTime() - 3_600_000)), der.time(end)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(...extensions(names))),
  );
  const signature = sign('sha256', content, privateKey);
  const whole = der.sequence(content, algorithm, der.bits(signature));
  const cert = toPem('CERTIFICATE', whole);
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { cert, key, fingerprint: new X509Certificate(cert).fingerprint256 };
};

/** Whom it names, that it signs nothing else, and that it is for servers. */
const extensions = (names: readonly string[]): readonly Buffer[] => [
  der.sequence(
    der.identifier('2.5.29.17'),
    der.octets(
      der.sequence(
        ...names.map((name) =>
          isIP(name) === 0
            ? der.implicit(2, Buffer.from(name, 'ascii'))
            : der.implicit(7, addressBytes(name)),
        ),
      ),
    ),
  ),
  der.sequence(der.identifier('2.5.29.19'), der.yes(), der.octets(der.sequence())),
  der.sequence(
    der.identifier('2.5.29.37'),
    der.octets(der.sequence(der.identifier('1.3.6.1.5.5.7.3.1'))),
  ),
];

/** The four or sixteen bytes of an address. */
const addressBytes = (address: string): Buffer => {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(head), tail === undefined ? [] : groups(tail)];
  const zeros = new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0);
  const all = [...before, ...zeros, ...after].slice(0, 8);
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
};

const toPem = (label: string, bytes: Uint8Array): string => {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
};
