/** Names of users, hosts and applications as rules write them: `*` for any text, `?` for a character. */

export interface NamePattern {
  /** As it was written. */
  readonly text: string;
  readonly folded: string;
  /** Whether it fits more than one name. */
  readonly isGlob: boolean;
}

/** The form in which names are compared: neither case nor the way an accent is encoded matters. */
export const foldName = (name: string): string => name.normalize('NFC').toLowerCase();

export const namePattern = (text: string): NamePattern => ({
  text,
  folded: foldName(text),
  isGlob: /[*?]/.test(text),
});

/** Whether the folded `name` fits. Takes at most length times length steps, whatever the pattern. */
export const fitsPattern = (name: string, { folded, isGlob }: NamePattern): boolean =>
  isGlob ? fitsGlob(name, folded) : name === folded;

const fitsGlob = (name: string, glob: string): boolean => {
  let at = 0;
  let inGlob = 0;
  /** Where the last `*` stands, and up to where it has eaten. */
  let star = -1;
  let eaten = 0;
  while (at < name.length) {
    const sign = glob[inGlob];
    if (sign === '*') {
      star = inGlob++;
      eaten = at;
    } else if (sign === '?' || (sign !== undefined && sign === name[at])) {
      inGlob++;
      at++;
    } else if (star >= 0) {
      inGlob = star + 1;
      at = ++eaten;
    } else return false;
  }
  while (glob[inGlob] === '*') inGlob++;
  return inGlob === glob.length;
};
