/** From the text of a setting to its value. */

import { isIP } from 'node:net';
import { base64ToBytes } from '../protocol/bytes.ts';
import { isPlainText } from '../protocol/fields.ts';
import { KEY_SIZE, NAME_MAX } from '../protocol/limits.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { HOST_CASES, type HostCase } from './core/host/judged-host.ts';
import { plainText } from './core/percent-text.ts';
import type { MailServer } from './edges/alarms/smtp.ts';
import type { SiteLogin } from './edges/site/etcd-login.ts';
import type { FileSetting } from './settings-table.ts';

/** What is wanted in place of `text`. */
export interface WrongValue {
  readonly wanted: string;
  readonly text: string;
}

type Read<T> = Result<T, WrongValue>;

const readPort = (text: string): Read<number> => {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return ok(port);
  return err({ text, wanted: 'a number from 0 to 65535' });
};

const readList = (text: string, wanted: string): Read<readonly string[]> => {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  return parts.length === 0 ? err({ text, wanted }) : ok(parts);
};

const readName = (text: string): Read<string> => {
  if (text.length > 0 && text.length <= NAME_MAX && isPlainText(text)) return ok(text);
  return err({ text, wanted: `a name of 1 to ${NAME_MAX} characters` });
};

/** Each part of a list as its value; the first that has none is what is wrong. */
const readEach = <T>(
  text: string,
  wanted: string,
  toValue: (part: string) => T | undefined,
): Read<readonly T[]> => {
  const parts = readList(text, wanted);
  if (!parts.ok) return parts;
  const values: T[] = [];
  for (const part of parts.value) {
    const value = toValue(part);
    if (value === undefined) return err({ text: part, wanted });
    values.push(value);
  }
  return ok(values);
};

const readKey = (text: string): Uint8Array | undefined => {
  const bytes = base64ToBytes(text.replace(/=+$/, ''));
  return bytes?.length === KEY_SIZE ? bytes : undefined;
};

const readUrl = (text: string): URL | undefined => {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
};

const readWebhook = (text: string): Read<URL> => {
  const url = readUrl(text);
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  return url !== undefined && isWeb ? ok(url) : err({ text, wanted: 'an http or https address' });
};

/** A fault is told of without the password. */
const readMailServer = (text: string): Read<MailServer> => {
  const url = readUrl(text);
  const isSecure = url?.protocol === 'smtps:';
  if (url === undefined || url.hostname === '' || !(isSecure || url.protocol === 'smtp:')) {
    return err({
      text: text.replace(/:(?!\/\/).*@/, ':…@'),
      wanted: 'a mail server as smtp://host:25 or smtps://user:password@host',
    });
  }
  return ok({
    host: url.hostname,
    port: Number(url.port) || (isSecure ? 465 : 25),
    isSecure,
    user: plainText(url.username),
    password: plainText(url.password),
  });
};

const readAddress = (text: string): string | undefined =>
  /^[^\s<>@,]{1,64}@[\w.-]{1,128}$/.test(text) ? text : undefined;

const readCount = (text: string, most: number): Read<number> =>
  /^\d{1,5}$/.test(text) && Number(text) <= most
    ? ok(Number(text))
    : err({ text, wanted: `a number from 0 to ${most}` });

/** etcd's members, and some to spare. */
const ENDPOINTS_MAX = 9;

const readEndpoint = (text: string): URL | undefined => {
  const url = readUrl(text);
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  const isBare = url?.pathname === '/' && url.username === '' && url.search + url.hash === '';
  return isWeb && isBare ? url : undefined;
};

const readEndpoints = (text: string): Read<readonly URL[]> => {
  const wanted = `addresses of etcd, ${ENDPOINTS_MAX} at most, as http://a:2379`;
  const urls = readEach(text, wanted, readEndpoint);
  if (!urls.ok || urls.value.length > ENDPOINTS_MAX) return urls.ok ? err({ text, wanted }) : urls;
  // One that is named twice is one: they are counted.
  return ok([...new Map(urls.value.map((url) => [url.href, url])).values()]);
};

/** What keys begin with, and what people type. */
const readSiteName = (text: string): Read<string> =>
  /^[a-z0-9][a-z0-9._-]{0,31}$/.test(text)
    ? ok(text)
    : err({
        text,
        wanted: 'a name of 1 to 32 small letters, digits, dots, dashes and underscores',
      });

/** A fault is told of without the password. */
const readLogin = (text: string): Read<SiteLogin> => {
  const [, user, password] = /^([^:\s]{1,64}):(.{1,256})$/.exec(text) ?? [];
  if (user !== undefined && password !== undefined) return ok({ user, password });
  return err({
    text: text.replace(/:.*/, ':…'),
    wanted: 'a name and a password, as user:password',
  });
};

/** Where the console listens: `null` for this computer alone. */
export interface ConsoleAt {
  readonly address: string | null;
  /** 0 for one that the system chooses. */
  readonly port: number;
}

/** `off`, `24711`, `192.168.1.5:24711`, `[::]:24711`. */
const readConsole = (text: string): Read<ConsoleAt | 'off'> => {
  if (text === 'off') return ok(text);
  const wanted = 'a port, an IP address with a port, or off';
  const [, bracketed, plain, digits] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? null;
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return err({ text, wanted });
  if (address !== null && isIP(address) !== (bracketed === undefined ? 4 : 6)) {
    return err({ text, wanted });
  }
  return ok({ address, port });
};

const readFileName = (text: string): Read<string> =>
  text === '' ? err({ text, wanted: 'a file' }) : ok(text);

/** How each setting's text is read. */
export const VALUE_READERS = {
  port: readPort,
  interfaces: (text: string) => readList(text, 'names of interfaces'),
  name: readName,
  'vendor-keys': (text: string) => readEach(text, "vendors' public keys in base64", readKey),
  console: readConsole,
  'console-certificate': readFileName,
  'refuse-hosts': (text: string): Read<readonly HostCase[]> =>
    readEach(text, `of ${HOST_CASES.join(', ')}`, (part) => HOST_CASES.find((one) => one === part)),
  site: readEndpoints,
  'site-name': readSiteName,
  'site-ca': readFileName,
  'site-certificate': readFileName,
  'site-login': readLogin,
  'alarm-webhook': readWebhook,
  'alarm-smtp': readMailServer,
  'alarm-mail': (text: string) => readEach(text, 'addresses of mail', readAddress),
  'alarm-license-days': (text: string) => readCount(text, 3650),
  'alarm-full-minutes': (text: string) => readCount(text, 10_080),
  'alarm-master-hours': (text: string) => readCount(text, 8760),
  'alarm-member-minutes': (text: string) => readCount(text, 10_080),
} satisfies Readonly<Record<FileSetting, (text: string) => Read<unknown>>>;

/** "… is a number from 0 to 65535, not "x".", behind where the setting stands. */
export const wrongValue = ({ wanted, text }: WrongValue): string =>
  `is ${wanted}, not "${text.slice(0, 100)}".`;
