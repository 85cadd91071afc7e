/** The worlds that seeds begin. */

/**
 * What a seed is the beginning of: a site and, beside some of them, one of the others (`all`), or a
 * family of agents alone, or a vendor with the computers that it activates, or members that share the
 * seats of one site.
 */
export const WORLDS = ['all', 'family', 'activation', 'shared'] as const;
export type WorldName = (typeof WORLDS)[number];
