/** The first characters of a text, and not half of one: what is signed and kept must be whole. */
export const cutText = (text: string, most: number): string =>
  text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
