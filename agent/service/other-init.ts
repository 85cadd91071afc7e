/** What to do where systemd is not in charge: one sentence with the line and where to put it. */

import { MACHINE_DATA } from '../settings-file.ts';

/** `exists` tells of a file or folder; `program` is the path of the single binary. */
export const otherInitAdvice = (exists: (path: string) => boolean, program: string): string => {
  const serve = `exec ${inQuotes(program)} serve --data ${MACHINE_DATA}`;
  const asUser = `su -s /bin/sh usher -c '${serve}'`;
  const known = KNOWN.find(({ sign }) => exists(sign));
  if (known === undefined)
    return `systemd does not run this computer: make a user "usher", have your init system keep \`${asUser}\` running, and give it SIGTERM to stop.`;
  return `${known.name} runs this computer, not systemd: make a user "usher" and put \`${known.line(asUser)}\` into ${known.file}${known.after}.`;
};

/** As a shell within single quotes reads it, where it needs quotes of its own. */
const inQuotes = (path: string): string =>
  /^[\w./+-]+$/.test(path)
    ? path
    : `"${path.replaceAll(/["\\$`]/g, '\\$&').replaceAll("'", `'\\''`)}"`;

interface OtherInit {
  readonly name: string;
  /** A file or folder that is there when it is in charge. */
  readonly sign: string;
  readonly line: (asUser: string) => string;
  readonly file: string;
  readonly after: string;
}

const KNOWN: readonly OtherInit[] = [
  {
    name: 'runit',
    sign: '/run/runit',
    line: (asUser) => `#!/bin/sh -e\\nexec ${asUser}`,
    file: '/etc/sv/usher/run',
    after: ', make that executable and link /etc/sv/usher into the folder of services',
  },
  {
    name: 's6',
    sign: '/run/s6',
    line: (asUser) => `#!/bin/sh -e\\nexec ${asUser}`,
    file: '/etc/s6/sv/usher/run',
    after: ' and make that executable',
  },
  {
    name: 'A System V or BusyBox init',
    sign: '/etc/inittab',
    line: (asUser) => `us:2345:respawn:${asUser}`,
    file: '/etc/inittab',
    after: ', then run `telinit q`; for BusyBox begin the line with `::respawn:`',
  },
];
