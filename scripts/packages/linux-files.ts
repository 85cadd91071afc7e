/** What lies where when Usher is installed on Linux, for every kind of package. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../agent/cli/commands.ts';
import { renderBash } from '../../agent/cli/completion/bash.ts';
import { renderFish } from '../../agent/cli/completion/fish.ts';
import { shapeOf } from '../../agent/cli/completion/shape.ts';
import { renderZsh } from '../../agent/cli/completion/zsh.ts';
import { linuxUnit, SERVICE } from '../../agent/service/linux-unit.ts';
import { MACHINE_DATA, MACHINE_SETTINGS } from '../../agent/settings-file.ts';
import { settingsTemplate } from '../../agent/settings-template.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import { gzip } from './compress.ts';
import { firewalldService, ufwProfile } from './firewall-files.ts';
import { manPage } from './man-page.ts';

export interface LinuxFiles {
  /** A file of build/linux. */
  readonly template: (name: string) => string;
  readonly license: Uint8Array;
  /** The terms of what others have made. */
  readonly notices: Uint8Array;
  readonly manPage: Uint8Array;
  readonly completions: { readonly bash: string; readonly zsh: string; readonly fish: string };
  readonly publisher: Publisher;
  readonly settings: string;
  readonly firewalld: string;
  readonly ufw: string;
}

/** Who answers for a package: `author` and `homepage` of package.json, and nowhere else. */
interface Publisher {
  /** `Name <address>` */
  readonly author: string;
  readonly homepage?: string;
}

/** Reads and makes them all, but for the binary. `time` in seconds since 1970. */
export const linuxFiles = async (
  root: string,
  notices: Uint8Array,
  version: string,
  time: number,
): Promise<LinuxFiles> => {
  const shapes = COMMANDS.map(shapeOf);
  return {
    template: (name) => readFileSync(join(root, 'build', 'linux', name), 'utf8'),
    license: readFileSync(join(root, 'LICENSE')),
    notices,
    manPage: await gzip(Buffer.from(manPage({ commands: COMMANDS, version, time }))),
    completions: { bash: renderBash(shapes), zsh: renderZsh(shapes), fish: renderFish(shapes) },
    publisher: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Publisher,
    settings: settingsTemplate(),
    firewalld: firewalldService(),
    ufw: ufwProfile(),
  };
};

export const file = (path: string, content: string | Uint8Array, mode = 0o644): ArchiveEntry => ({
  path,
  mode,
  content: typeof content === 'string' ? Buffer.from(content) : content,
});

const PROGRAM = '/usr/bin/usher';

/** What .deb and .rpm have in common. */
export const packageEntries = (files: LinuxFiles, binary: Uint8Array): readonly ArchiveEntry[] => [
  file(PROGRAM, binary, 0o755),
  file('/usr/lib/systemd/system/usher.service', linuxUnit(PROGRAM)),
  file('/usr/lib/sysusers.d/usher.conf', `u ${SERVICE} - "Usher license agent" ${MACHINE_DATA}\n`),
  file('/usr/lib/firewalld/services/usher.xml', files.firewalld),
  file('/usr/share/man/man1/usher.1.gz', files.manPage),
  file('/usr/share/bash-completion/completions/usher', files.completions.bash),
  file('/usr/share/fish/vendor_completions.d/usher.fish', files.completions.fish),
  { ...file(MACHINE_SETTINGS, files.settings), isSetting: true },
];

/** A maintainer script with the part that both kinds of package share. */
export const maintainerScript = (files: LinuxFiles, name: string): string =>
  files.template(name).replace('#MAKE-USER#\n', files.template('make-user'));
