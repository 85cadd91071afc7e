/**
 * Which container surrounds us, if any. A container is no virtual machine; the machine beneath it is
 * judged by its own facts. Sources: systemd's container detection, the runtimes' own manuals.
 */

import { type Finding, forContainer } from './evidence.ts';
import type { ContainerFacts, HostFacts } from './host-facts.ts';

interface ContainerRule {
  readonly names: string;
  readonly id: string;
  /** What was seen, or `undefined`. */
  readonly seen: (container: ContainerFacts, facts: HostFacts) => string | undefined;
}

const file =
  (...paths: readonly string[]) =>
  ({ files }: ContainerFacts): string | undefined =>
    files?.find((path) => paths.includes(path));

const inEnvironment =
  (pattern: RegExp) =>
  ({ pid1_environment = '' }: ContainerFacts): string | undefined =>
    pid1_environment === ''
      ? undefined
      : pattern.exec(pid1_environment.replaceAll('\0', ' '))?.[0].trim();

const inCgroup =
  (pattern: RegExp) =>
  ({ cgroup }: ContainerFacts): string | undefined =>
    pattern.exec(cgroup ?? '')?.[0];

const inMounts =
  (pattern: RegExp) =>
  ({ mounts }: ContainerFacts): string | undefined =>
    mounts?.find((line) => pattern.test(line));

/** The most telling first: a Kubernetes pod is also a Docker or containerd container. */
const RULES: readonly ContainerRule[] = [
  { names: 'gvisor', id: 'container-kernel', seen: gvisorKernel },
  { names: 'kata', id: 'container-mounts', seen: inMounts(/kataShared|\bkata-containers\b/) },
  {
    names: 'wsl',
    id: 'container-kernel',
    // WSL 1: system calls translated by the Windows kernel; WSL 2 is a virtual machine.
    seen: (_, { osrelease }) => /-Microsoft$/.exec(osrelease ?? '')?.[0],
  },
  {
    names: 'kubernetes',
    id: 'container-files',
    seen: file(
      '/var/run/secrets/kubernetes.io',
      '/run/secrets/kubernetes.io',
      '/var/run/secrets/kubernetes.io/serviceaccount',
      '/run/secrets/kubernetes.io/serviceaccount',
    ),
  },
  { names: 'kubernetes', id: 'container-cgroup', seen: inCgroup(/\bkubepods\b/) },
  {
    names: 'kubernetes',
    id: 'container-environment',
    seen: inEnvironment(/(^|\s)KUBERNETES_SERVICE_HOST=/),
  },
  { names: 'kubernetes', id: 'container-mounts', seen: inMounts(/\bkubelet\b/) },
  { names: 'podman', id: 'container-environment', seen: inEnvironment(/(^|\s)container=podman\b/) },
  { names: 'podman', id: 'container-cgroup', seen: inCgroup(/libpod/) },
  { names: 'docker', id: 'container-environment', seen: inEnvironment(/(^|\s)container=docker\b/) },
  { names: 'docker', id: 'container-files', seen: dockerMarker },
  { names: 'docker', id: 'container-cgroup', seen: inCgroup(/\bdocker[/-]([0-9a-f]{12,}|<id>)/) },
  { names: 'docker', id: 'container-mounts', seen: inMounts(/\/docker\/(containers|overlay2)\//) },
  { names: 'podman', id: 'container-mounts', seen: inMounts(/\/containers\/storage\//) },
  { names: 'podman', id: 'container-files', seen: file('/run/.containerenv') },
  { names: 'lxc', id: 'container-environment', seen: inEnvironment(/(^|\s)container=lxc\S*/) },
  { names: 'lxc', id: 'container-cgroup', seen: inCgroup(/\/lxc\/|lxc\.payload/) },
  { names: 'lxc', id: 'container-mounts', seen: inMounts(/\blxcfs\b/) },
  {
    names: 'systemd-nspawn',
    id: 'container-environment',
    seen: inEnvironment(/(^|\s)container=systemd-nspawn\b/),
  },
  { names: 'openvz', id: 'container-files', seen: openvzFolder },
  { names: 'containerd', id: 'container-mounts', seen: inMounts(/\bcontainerd\b/) },
  {
    names: 'containerd',
    id: 'container-cgroup',
    seen: inCgroup(/\bcri-containerd\b|\/containerd\//),
  },
  { names: 'cri-o', id: 'container-cgroup', seen: inCgroup(/\bcrio-([0-9a-f]{12,}|<id>)/) },
  { names: 'other', id: 'container-cgroup', seen: inCgroup(/:\/(ecs|garden|buildkit)\//) },
  {
    names: 'other',
    id: 'container-environment',
    seen: inEnvironment(/(^|\s)container=(?!wsl\b)\S+/),
  },
  { names: 'other', id: 'container-files', seen: systemdMarker },
  { names: 'other', id: 'container-mounts', seen: ownHostFiles },
];

/**
 * gVisor gives every release of its kernel one date, and newer ones its name. Where only the release
 * is known, the bare 4.4.0 that no distribution ships tells it beside another sign of a container.
 */
function gvisorKernel(container: ContainerFacts, facts: HostFacts): string | undefined {
  const { kernel_version, osrelease } = facts;
  const told = /SMP Sun Jan 10 15:06:54 PST 2016|-gvisor/.exec(`${kernel_version} ${osrelease}`);
  if (told !== null) return told[0];
  const other = dockerMarker(container) ?? file('/run/.containerenv')(container);
  return osrelease === '4.4.0' && other !== undefined ? osrelease : undefined;
}

/**
 * Images that were made into disks of virtual machines keep Docker's marker file. Where the root
 * folder is a whole disk, no runtime has made it, and the marker is a leftover.
 */
function dockerMarker(container: ContainerFacts): string | undefined {
  const disk = /^\/ (ext[234]|xfs|btrfs|f2fs|erofs|squashfs) \/dev\/(?!mapper\/docker)\S+ \/( |$)/;
  if (container.mounts?.some((line) => disk.test(line)) === true) return undefined;
  return file('/.dockerenv', '/.dockerinit')(container);
}

/** systemd marks WSL 2 as a container too; that one is a virtual machine. */
function systemdMarker(container: ContainerFacts): string | undefined {
  return /\bcontainer=wsl\b/.test(container.pid1_environment ?? '')
    ? undefined
    : file('/run/systemd/container', '/run/host/container-manager')(container);
}

/** Docker, Podman and Kubernetes lay files of their own over both of these; machines over neither. */
function ownHostFiles({ mounts }: ContainerFacts): string | undefined {
  const over = (target: string): boolean =>
    mounts?.some((line) => line.startsWith(`${target} `)) === true;
  return over('/etc/hosts') && over('/etc/hostname') ? '/etc/hosts /etc/hostname' : undefined;
}

/** OpenVZ shows /proc/vz everywhere and /proc/bc on its hosts only. */
function openvzFolder({ files }: ContainerFacts): string | undefined {
  const has = (path: string): boolean => files?.includes(path) === true;
  return has('/proc/vz') && !has('/proc/bc') ? '/proc/vz' : undefined;
}

/** Every sign of a container, the deciding one first; none when we are not in one. */
export const containerEvidence = (facts: HostFacts): readonly Finding[] =>
  RULES.flatMap(({ names, id, seen }) => {
    const value = seen(facts.container ?? {}, facts);
    return value === undefined ? [] : [forContainer({ id, family: 'system', value, names })];
  });
