/** What a backup has, in words. */

const count = (one: string, many: number): string => `${many} ${one}${many === 1 ? '' : 's'}`;

/** `1 license and 3 leases`. */
export const licensesAndLeases = (licenses: number, leases: number): string =>
  `${count('license', licenses)} and ${count('lease', leases)}`;
