/** The pages of the agent's console, as they stand in the navigation. */

export const PAGE_NAMES = [
  'overview',
  'seats',
  'licenses',
  'usage',
  'users',
  'resources',
  'rules',
  'children',
  'log',
  'service',
] as const;
export type PageName = (typeof PAGE_NAMES)[number];

/** The page that the address names, if it names one. */
export const pageOfAddress = (): PageName | undefined =>
  PAGE_NAMES.find((name) => location.hash === `#/${name}`);
