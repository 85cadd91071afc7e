/** What of a version makes a difference. */

/** Programs of one major version understand each other. */
export const majorOf = (version: string): string => /^\d+/.exec(version)?.[0] ?? version;
