/** Versions of applications: dotted numbers, compared part by part. */

/** Parts beyond this many say nothing that a license could rule. */
const PARTS_MAX = 6;
const PART = /^\d{1,9}$/;

/**
 * The numbers of a version such as `12.3.1`, `v12` or `12.3-beta.2` (what follows a hyphen or a plus
 * does not count), or `undefined` where there are none.
 */
export const parseVersion = (text: string): readonly number[] | undefined => {
  const parts = text
    .replace(/^v/i, '')
    .replace(/[-+].*$/, '')
    .split('.');
  if (parts.length > PARTS_MAX || !parts.every((part) => PART.test(part))) return undefined;
  return parts.map(Number);
};

/** Negative, zero or positive as `a` is older than, as old as, or newer than `b`. */
export const compareVersions = (a: readonly number[], b: readonly number[]): number => {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

/** From `oldest` to `newest`, both included; `null` for no bound. */
export interface AppVersions {
  readonly oldest: string | null;
  readonly newest: string | null;
}

/** Whether a range covers a version. `newest` 12 covers 12.9, too: it is read as far as it goes. */
export const coversVersion = ({ oldest, newest }: AppVersions, text: string): boolean => {
  const version = parseVersion(text);
  if (version === undefined) return oldest === null && newest === null;
  const least = oldest === null ? undefined : parseVersion(oldest);
  const most = newest === null ? undefined : parseVersion(newest);
  if (least !== undefined && compareVersions(version, least) < 0) return false;
  return most === undefined || compareVersions(version.slice(0, most.length), most) <= 0;
};
