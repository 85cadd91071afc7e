/** What goes into an archive, whatever its format: owned by root, dated by the commit. */

export interface ArchiveEntry {
  /** Absolute where it will lie: `/usr/bin/usher`; a folder has no slash at its end. */
  readonly path: string;
  /** Its permissions, e.g. 0o755. */
  readonly mode: number;
  /** `undefined` for a folder. */
  readonly content: Uint8Array | undefined;
  /** The administrator's: kept as changed on upgrade, gone on purge only. */
  readonly isSetting?: boolean;
}

const sizeOf = ({ content }: ArchiveEntry): number => content?.length ?? 0;

/** All bytes of all files. */
export const totalSize = (entries: readonly ArchiveEntry[]): number =>
  entries.reduce((sum, entry) => sum + sizeOf(entry), 0);

/** By path, and so each folder before what is in it. */
export const sorted = (entries: readonly ArchiveEntry[]): readonly ArchiveEntry[] =>
  [...entries].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));

/** The folders above the entries that are not among them, below `/`. */
export const foldersAbove = (entries: readonly ArchiveEntry[]): readonly ArchiveEntry[] => {
  const known = new Set(entries.map(({ path }) => path));
  const missing = new Set<string>();
  for (const { path } of entries) {
    const parts = path.split('/').slice(1, -1);
    for (const i of parts.keys()) {
      const above = `/${parts.slice(0, i + 1).join('/')}`;
      if (!known.has(above)) missing.add(above);
    }
  }
  return [...missing].map((path) => ({ path, mode: 0o755, content: undefined }));
};
