/** What surrounds us: marker files, telling words of environments, control groups, mounts. */

import type { Files } from '../../../protocol/node/bounded-files.ts';
import type { ContainerFacts } from '../../core/host/host-facts.ts';
import { defined } from './defined.ts';

const MARKERS = [
  '/.dockerenv',
  '/.dockerinit',
  '/run/.containerenv',
  '/run/systemd/container',
  '/run/host/container-manager',
  '/run/secrets/kubernetes.io',
  '/var/run/secrets/kubernetes.io',
  '/proc/vz',
  '/proc/bc',
] as const;

/** Mounts that runtimes make in every container. */
const TELLING_MOUNTS = [
  '/',
  '/etc/hosts',
  '/etc/hostname',
  '/etc/resolv.conf',
  '/dev/termination-log',
  '/proc/cpuinfo',
];

/** Files and folders of the kernel on which the verdict rests. */
const WATCHED =
  /^\/(sys|proc)$|^\/(proc\/(cpuinfo|ioports|version|bus|device-tree)|sys\/(bus|class|devices|firmware|hypervisor|block))(\/|$)/;

interface Mount {
  /** Folder of the mounted filesystem that is shown. */
  readonly shows: string;
  readonly target: string;
  readonly filesystem: string;
  readonly source: string;
  readonly options: string;
}

export const readContainerFacts = (
  files: Files,
  environment: Readonly<Record<string, string | undefined>>,
): ContainerFacts => {
  const told = files.text('/run/systemd/container')?.trim();
  const words = [
    ...(files.text('/proc/1/environ', 65_536) ?? '').split('\0'),
    ...Object.entries(environment).map(([name, value]) => `${name}=${value ?? ''}`),
    ...(told === undefined || told === '' ? [] : [`container=${told}`]),
  ].map(tellingWord);
  const cgroup = ['/proc/1/cgroup', '/proc/self/cgroup']
    .map((path) => files.text(path, 16_384) ?? '')
    .join('\n');
  const mounts = readMounts(files).filter(({ target }) => TELLING_MOUNTS.includes(target));
  return defined<ContainerFacts>({
    files: MARKERS.filter((path) => files.exists(path)),
    pid1_environment: [...new Set(words)].filter((word) => word !== '').join('\0'),
    cgroup: withoutIds(cgroup).trim(),
    mounts: mounts.map(({ target, filesystem, source, shows, options }) =>
      withoutIds(`${target} ${filesystem} ${source} ${shows} ${options}`).slice(0, 256),
    ),
  });
};

/** Kernel files that something else was mounted over; the kernel's own mounts do not count. */
export const coveredFiles = (files: Files): readonly string[] =>
  readMounts(files)
    .filter(({ target }) => WATCHED.test(target))
    .filter(({ target, filesystem, shows }) => {
      if (/^(efivarfs|xenfs|securityfs|binfmt_misc|nfsd)$/.test(filesystem)) return false;
      const own = /^(sysfs|proc)$/.test(filesystem);
      return !own || shows !== (target.replace(/^\/(sys|proc)/, '') || '/');
    })
    .map(({ target }) => target);

/** Only two words of an environment tell of a container; the rest is nobody's business. */
const tellingWord = (word: string): string => {
  if (word.startsWith('KUBERNETES_SERVICE_HOST=')) return 'KUBERNETES_SERVICE_HOST=…';
  return word.startsWith('container=') && /^container=[\w.-]{0,40}$/.test(word) ? word : '';
};

/** Without ids of units and containers, and without the names of people in paths. */
const withoutIds = (text: string): string =>
  text
    .replace(/\/(home|Users)\/[^/:,\s]+/g, '/$1/…')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<id>')
    .replace(/[0-9a-f]{32,}/gi, '<id>');

/** /proc/self/mountinfo: `id parent device shows target options … - filesystem source options`. */
const readMounts = (files: Files): readonly Mount[] =>
  (files.text('/proc/self/mountinfo', 262_144) ?? '').split('\n').flatMap((line) => {
    const [front, back] = line.split(' - ');
    const [, , , shows, target] = front?.split(' ') ?? [];
    const [filesystem, source, options] = back?.split(' ') ?? [];
    if (shows === undefined || target === undefined || filesystem === undefined) return [];
    return [{ shows, target, filesystem, source: source ?? '', options: options ?? '' }];
  });
