/** Makes the .deb, the .rpm and the .tar.gz for one architecture of Linux. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArchiveEntry, foldersAbove, sorted } from './archive-entry.ts';
import { gzip } from './compress.ts';
import { debOf } from './deb.ts';
import { file, type LinuxFiles, maintainerScript, packageEntries } from './linux-files.ts';
import { rpmOf } from './rpm.ts';
import { tarOf } from './tar.ts';

export interface LinuxPackageOrder {
  readonly files: LinuxFiles;
  readonly binary: string;
  readonly architecture: 'x64' | 'arm64';
  readonly version: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly folder: string;
  /** Which of the three; all when left out. */
  readonly kinds?: readonly Kind[];
}

type Kind = 'deb' | 'rpm' | 'tar.gz';

const SUMMARY = 'license agent for local networks';
const DESCRIPTION = [
  'A software vendor signs a license; a customer runs Usher on one box in the',
  'local network; every copy of the application finds that box by itself, takes',
  'a seat for a while and gives it back.',
];
/** Counts packages of one version. */
const RELEASE = '1';
/** What the Node in it needs, from `readelf`; a test compares. */
export const GLIBC_OLDEST = '2.28';

/** Writes the files and returns their names. */
export const makeLinuxPackages = async (order: LinuxPackageOrder): Promise<readonly string[]> => {
  const { version, architecture, folder } = order;
  const deb = { x64: 'amd64', arm64: 'arm64' }[architecture];
  const rpm = ({ x64: 'x86_64', arm64: 'aarch64' } as const)[architecture];
  const binary = await readFile(order.binary);
  const entries = packageEntries(order.files, binary);
  const makers: Readonly<Record<Kind, readonly [name: string, make: () => Promise<Uint8Array>]>> = {
    deb: [`usher_${version}-${RELEASE}_${deb}.deb`, () => makeDeb(order, deb, entries)],
    rpm: [`usher-${version}-${RELEASE}.${rpm}.rpm`, () => makeRpm(order, rpm, entries)],
    'tar.gz': [`usher-${version}-linux-${architecture}.tar.gz`, () => makeTarball(order, binary)],
  };
  const names: string[] = [];
  for (const kind of order.kinds ?? (['deb', 'rpm', 'tar.gz'] as const)) {
    const [name, make] = makers[kind];
    await writeFile(join(folder, name), await make());
    names.push(name);
  }
  return names;
};

const makeDeb = async (
  { files, version, time }: LinuxPackageOrder,
  architecture: string,
  entries: readonly ArchiveEntry[],
): Promise<Uint8Array> => {
  const changelog = await gzip(Buffer.from(changelogText(files, version, time)));
  const scripts = ['postinst', 'prerm', 'postrm'];
  const { author, homepage } = files.publisher;
  const settings = { ...file('/etc/ufw/applications.d/usher', files.ufw), isSetting: true };
  return debOf({
    control: [
      ['Package', 'usher'],
      ['Version', `${version}-${RELEASE}`],
      ['Architecture', architecture],
      ['Maintainer', author],
      ['Depends', `libc6 (>= ${GLIBC_OLDEST}), libgcc-s1 | libgcc1, libstdc++6 (>= 6), passwd`],
      ['Section', 'net'],
      ['Priority', 'optional'],
      ...(homepage === undefined ? [] : [['Homepage', homepage] as const]),
      ['Description', `${SUMMARY}\n ${DESCRIPTION.join('\n ')}`],
    ],
    scripts: Object.fromEntries(
      scripts.map((name) => [name, maintainerScript(files, `debian/${name}`)]),
    ),
    entries: [
      ...entries,
      settings,
      file('/usr/share/zsh/vendor-completions/_usher', files.completions.zsh),
      file('/usr/share/doc/usher/copyright', files.template('debian/copyright')),
      file('/usr/share/doc/usher/THIRD-PARTY.gz', await gzip(files.notices)),
      file('/usr/share/doc/usher/changelog.Debian.gz', changelog),
      file('/usr/share/lintian/overrides/usher', files.template('debian/lintian-overrides')),
      file('/usr/lib/usher/installed-by', 'dpkg\n'),
    ],
    time,
  });
};

const changelogText = ({ publisher }: LinuxFiles, version: string, time: number): string => {
  // As `date -R` writes it, in UTC.
  const date = new Date(time * 1000).toUTCString().replace('GMT', '+0000');
  return `usher (${version}-${RELEASE}) stable; urgency=medium\n\n  * Usher ${version}.\n\n -- ${publisher.author}  ${date}\n`;
};

const makeRpm = (
  { files, version, time }: LinuxPackageOrder,
  architecture: 'x86_64' | 'aarch64',
  entries: readonly ArchiveEntry[],
): Promise<Uint8Array> => {
  const scripts = ['postin', 'preun', 'postun'] as const;
  const own = ['/etc/usher', '/usr/lib/usher', '/usr/share/licenses/usher'];
  return rpmOf({
    name: 'usher',
    version,
    release: RELEASE,
    architecture,
    summary: SUMMARY,
    description: DESCRIPTION.join('\n'),
    license: 'Apache-2.0 AND MIT',
    packager: files.publisher.author,
    url: files.publisher.homepage,
    requires: [
      `libc.so.6(GLIBC_${GLIBC_OLDEST})(64bit)`,
      'libgcc_s.so.1()(64bit)',
      'libstdc++.so.6(GLIBCXX_3.4.21)(64bit)',
    ],
    scripts: Object.fromEntries(
      scripts.map((name) => [name, maintainerScript(files, `rpm/${name}`)]),
    ),
    entries: [
      ...entries,
      ...own.map((path) => ({ path, mode: 0o755, content: undefined })),
      file('/usr/share/zsh/site-functions/_usher', files.completions.zsh),
      file('/usr/share/licenses/usher/LICENSE', files.license),
      file('/usr/share/licenses/usher/THIRD-PARTY', files.notices),
      file('/usr/lib/usher/installed-by', 'rpm\n'),
    ],
    time,
  });
};

const makeTarball = (
  { files, version, time }: LinuxPackageOrder,
  binary: Uint8Array,
): Promise<Uint8Array> => {
  const { completions } = files;
  const entries = [
    file('/usher', binary, 0o755),
    file('/install.sh', files.template('install.sh'), 0o755),
    file('/LICENSE', files.license),
    file('/THIRD-PARTY', files.notices),
    file('/share/usher.1.gz', files.manPage),
    file('/share/usher.bash', completions.bash),
    file('/share/_usher', completions.zsh),
    file('/share/usher.fish', completions.fish),
    file('/share/firewalld.xml', files.firewalld),
    file('/share/ufw', files.ufw),
    file('/share/usher.conf', files.settings),
  ];
  // Not as the bare binary is called: both may be unpacked in one folder.
  const top = `usher-${version}`;
  const all = entries.map((entry) => ({ ...entry, path: `/${top}${entry.path}` }));
  const tar = tarOf(
    sorted([...foldersAbove(all), ...all]).map((entry) => ({
      ...entry,
      path: entry.path.slice(1),
    })),
    { prefix: '', time },
  );
  return gzip(tar, 6);
};
