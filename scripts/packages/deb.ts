/** Writes packages of Debian: an ar archive of two compressed tar archives. */

import { createHash } from 'node:crypto';
import { type ArchiveEntry, foldersAbove, sorted, totalSize } from './archive-entry.ts';
import { xz } from './compress.ts';
import { tarOf } from './tar.ts';

export interface DebPackage {
  /** The fields of its control file, in their order, but the size. */
  readonly control: readonly (readonly [field: string, value: string])[];
  /** Maintainer scripts by name: postinst, prerm, … */
  readonly scripts: Readonly<Record<string, string>>;
  readonly entries: readonly ArchiveEntry[];
  /** Seconds since 1970. */
  readonly time: number;
}

/** The bytes of the .deb. xz, because zstd needs a dpkg of 2021 (Debian 12). */
export const debOf = async ({
  control,
  scripts,
  entries,
  time,
}: DebPackage): Promise<Uint8Array> => {
  const files = sorted(entries);
  const root: ArchiveEntry = { path: '/', mode: 0o755, content: undefined };
  const options = { prefix: '.', time };
  const [controlTar, dataTar] = await Promise.all([
    xz(tarOf([root, ...sorted(controlFiles(control, scripts, files))], options)),
    xz(tarOf([root, ...sorted([...foldersAbove(files), ...files])], options)),
  ]);
  return arOf(
    [
      { name: 'debian-binary', content: Buffer.from('2.0\n') },
      { name: 'control.tar.xz', content: controlTar },
      { name: 'data.tar.xz', content: dataTar },
    ],
    time,
  );
};

const controlFiles = (
  control: DebPackage['control'],
  scripts: DebPackage['scripts'],
  entries: readonly ArchiveEntry[],
): readonly ArchiveEntry[] => {
  const text = (path: string, content: string, mode = 0o644): ArchiveEntry => ({
    path,
    mode,
    content: Buffer.from(content),
  });
  const size: [string, string] = ['Installed-Size', String(Math.ceil(totalSize(entries) / 1024))];
  const fields = [...control];
  // Where dpkg-deb's own packages have it; a description comes last.
  fields.splice(-1, 0, size);
  const settings = entries.filter(({ isSetting }) => isSetting).map(({ path }) => `${path}\n`);
  const sums = entries.flatMap(({ path, content, isSetting }) =>
    content === undefined || isSetting
      ? []
      : [`${createHash('md5').update(content).digest('hex')}  ${path.slice(1)}\n`],
  );
  return [
    text('/control', fields.map(([field, value]) => `${field}: ${value}\n`).join('')),
    text('/md5sums', sums.join('')),
    ...(settings.length === 0 ? [] : [text('/conffiles', settings.join(''))]),
    ...Object.entries(scripts).map(([name, script]) => text(`/${name}`, script, 0o755)),
  ];
};

/** Members of an ar archive, in the plain format that dpkg writes. */
const arOf = (
  members: readonly { readonly name: string; readonly content: Uint8Array }[],
  time: number,
): Uint8Array => {
  const parts: Uint8Array[] = [Buffer.from('!<arch>\n')];
  for (const { name, content } of members) {
    const fields: [string | number, number][] = [
      [name, 16],
      [time, 12],
      [0, 6],
      [0, 6],
      [100644, 8],
      [content.length, 10],
    ];
    const head = fields.map(([value, width]) => String(value).padEnd(width)).join('');
    parts.push(Buffer.from(`${head}\`\n`), content);
    if (content.length % 2 === 1) parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
};
