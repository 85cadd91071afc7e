/**
 * Writes RPM packages (format 4) without rpmbuild: its output depends on its version, its macros and
 * what it finds on the computer, and it is not on every system that builds.
 */

import { createHash } from 'node:crypto';
import { type ArchiveEntry, sorted, totalSize } from './archive-entry.ts';
import { xz } from './compress.ts';
import { cpioOf, fullMode } from './cpio.ts';
import { type RpmValue, rpmHeader } from './rpm-header.ts';
import { padding, zeros } from './tar.ts';

export interface RpmPackage {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly architecture: 'x86_64' | 'aarch64';
  readonly summary: string;
  readonly description: string;
  readonly license: string;
  readonly packager: string;
  readonly url?: string | undefined;
  /** Libraries as rpm names them: `libc.so.6(GLIBC_2.28)(64bit)`. */
  readonly requires: readonly string[];
  /** Run by /bin/sh. */
  readonly scripts: Readonly<Partial<Record<keyof typeof SCRIPT_TAGS, string>>>;
  /** Files and the folders that are this package's own. */
  readonly entries: readonly ArchiveEntry[];
  /** Seconds since 1970. */
  readonly time: number;
}

/** Tag of the script, tag of its interpreter, and what its need is marked with. */
const SCRIPT_TAGS = {
  prein: [1023, 1085, 1 << 9],
  postin: [1024, 1086, 1 << 10],
  preun: [1025, 1087, 1 << 11],
  postun: [1026, 1088, 1 << 12],
} as const;

const LEAD_ARCHITECTURES = { x86_64: 1, aarch64: 19 } as const;
const SENSE_EQUAL = 8;
const SENSE_LESS_EQUAL = 10;
const SENSE_INTERPRETER = 1 << 8;
const SENSE_RPMLIB = 1 << 24;
const SHA256 = 8;
const CONFIG_NOREPLACE = 1 | 16;

/** What an rpm must understand to read the package. */
const FEATURES = [
  ['rpmlib(CompressedFileNames)', '3.0.4-1'],
  ['rpmlib(FileDigests)', '4.6.0-1'],
  ['rpmlib(PayloadFilesHavePrefix)', '4.0-1'],
  ['rpmlib(PayloadIsXz)', '5.2-1'],
] as const;

const string = (text: string): RpmValue => ({ type: 'string', text });
const i18n = (text: string): RpmValue => ({ type: 'i18n', text });
const strings = (texts: readonly string[]): RpmValue => ({ type: 'strings', texts });
const int32 = (...numbers: readonly number[]): RpmValue => ({ type: 'int32', numbers });
const int16 = (...numbers: readonly number[]): RpmValue => ({ type: 'int16', numbers });
const bytes = (value: Uint8Array): RpmValue => ({ type: 'bytes', bytes: value });

const hash = (algorithm: string, ...parts: readonly Uint8Array[]): Buffer => {
  const digest = createHash(algorithm);
  for (const part of parts) digest.update(part);
  return digest.digest();
};

/** The bytes of the .rpm. It bears digests but no signature: SHA256SUMS.minisig is over all artifacts. */
export const rpmOf = async (rpm: RpmPackage): Promise<Uint8Array> => {
  const entries = sorted(rpm.entries);
  const cpio = cpioOf(entries, rpm.time);
  const payload = await xz(cpio);
  const header = rpmHeader(
    63,
    new Map([
      ...identityTags(rpm, entries),
      ...scriptTags(rpm),
      ...needTags(rpm),
      ...fileTags(entries, rpm.time),
      [5092, strings([hash('sha256', payload).toString('hex')])],
      [5093, int32(SHA256)],
    ]),
  );
  const signature = rpmHeader(
    62,
    new Map([
      [269, string(hash('sha1', header).toString('hex'))],
      [273, string(hash('sha256', header).toString('hex'))],
      [1000, int32(header.length + payload.length)],
      [1004, bytes(hash('md5', header, payload))],
      [1007, int32(cpio.length)],
    ]),
  );
  return Buffer.concat([
    leadOf(rpm),
    signature,
    zeros(padding(signature.length, 8)),
    header,
    payload,
  ]);
};

/** What rpm of 1997 read; today only its magic is. */
const leadOf = ({ name, version, release, architecture }: RpmPackage): Uint8Array => {
  const lead = Buffer.alloc(96);
  lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0]);
  lead.writeUInt16BE(LEAD_ARCHITECTURES[architecture], 8);
  lead.write(`${name}-${version}-${release}`.slice(0, 65), 10);
  lead.writeUInt16BE(1, 76);
  lead.writeUInt16BE(5, 78);
  return lead;
};

type Tags = readonly (readonly [number, RpmValue])[];

const identityTags = (rpm: RpmPackage, entries: readonly ArchiveEntry[]): Tags => [
  [100, strings(['C'])],
  [1000, string(rpm.name)],
  [1001, string(rpm.version)],
  [1002, string(rpm.release)],
  [1004, i18n(rpm.summary)],
  [1005, i18n(rpm.description)],
  [1006, int32(rpm.time)],
  [1007, string('reproducible')],
  [1009, int32(totalSize(entries))],
  [1014, string(rpm.license)],
  [1016, i18n('System Environment/Daemons')],
  [1015, string(rpm.packager)],
  ...(rpm.url === undefined ? [] : [[1020, string(rpm.url)] as const]),
  [1021, string('linux')],
  [1022, string(rpm.architecture)],
  [1044, string(`${rpm.name}-${rpm.version}-${rpm.release}.src.rpm`)],
  [1064, string('4.14.0')],
  [1124, string('cpio')],
  [1125, string('xz')],
  [1126, string('1')],
  [1132, string(`${rpm.architecture}-linux`)],
];

const scriptTags = ({ scripts }: RpmPackage): Tags =>
  Object.entries(SCRIPT_TAGS).flatMap(([name, [scriptTag, programTag]]) => {
    const script = scripts[name as keyof typeof SCRIPT_TAGS];
    if (script === undefined) return [];
    return [
      [scriptTag, string(script)],
      [programTag, string('/bin/sh')],
    ] as const;
  });

const needTags = ({
  name,
  version,
  release,
  architecture,
  requires,
  scripts,
}: RpmPackage): Tags => {
  const full = `${version}-${release}`;
  const byScripts = Object.entries(SCRIPT_TAGS).flatMap(([script, [, , sense]]) =>
    scripts[script as keyof typeof SCRIPT_TAGS] === undefined
      ? []
      : [['/bin/sh', SENSE_INTERPRETER | sense, ''] as const],
  );
  const needs = [
    ...requires.map((library) => [library, 0, ''] as const),
    ...byScripts,
    ...FEATURES.map(
      ([feature, since]) => [feature, SENSE_RPMLIB | SENSE_LESS_EQUAL, since] as const,
    ),
  ].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  const machine = architecture === 'x86_64' ? 'x86-64' : 'aarch-64';
  return [
    [1047, strings([name, `${name}(${machine})`])],
    [1112, int32(SENSE_EQUAL, SENSE_EQUAL)],
    [1113, strings([full, full])],
    [1048, int32(...needs.map(([, sense]) => sense))],
    [1049, strings(needs.map(([need]) => need))],
    [1050, strings(needs.map(([, , since]) => since))],
  ];
};

const fileTags = (entries: readonly ArchiveEntry[], time: number): Tags => {
  const cut = entries.map(({ path }) => path.lastIndexOf('/') + 1);
  const folders = entries.map(({ path }, i) => path.slice(0, cut[i]));
  const names = [...new Set(folders)];
  const each = (one: (entry: ArchiveEntry, i: number) => number): number[] => entries.map(one);
  const all = (text: string): RpmValue => strings(entries.map(() => text));
  return [
    // rpm gives a folder the size of its block; nobody compares it.
    [1028, int32(...each(({ content }) => content?.length ?? 4096))],
    [1030, int16(...each(fullMode))],
    [1033, int16(...each(() => 0))],
    [1034, int32(...each(() => time))],
    [1035, strings(entries.map(digestOf))],
    [1036, all('')],
    [1037, int32(...each(({ isSetting }) => (isSetting ? CONFIG_NOREPLACE : 0)))],
    [1039, all('root')],
    [1040, all('root')],
    [1045, int32(...each(() => -1))],
    [1095, int32(...each(() => 1))],
    [1096, int32(...each((_, i) => i + 1))],
    [1097, all('')],
    [1116, int32(...folders.map((folder) => names.indexOf(folder)))],
    [1117, strings(entries.map(({ path }, i) => path.slice(cut[i])))],
    [1118, strings(names)],
    [5011, int32(SHA256)],
  ];
};

const digestOf = ({ content }: ArchiveEntry): string =>
  content === undefined ? '' : hash('sha256', content).toString('hex');
