/** Names that somebody has typed, or that stand in the first column of a CSV file. */

/** Each once, in order; a heading such as `user` is none. */
export const readNames = (text: string, heading: string): readonly string[] => {
  const names = text
    .split(/\r\n|\r|\n/)
    .flatMap((line) => (line.includes('"') ? [firstQuoted(line)] : line.split(/[,;\t]/)))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names[0]?.toLowerCase() === heading) names.shift();
  return [...new Set(names)];
};

/** The first column of each line, where a file has several. */
export const readFirstColumn = (text: string, heading: string): readonly string[] =>
  readNames(
    text
      .split(/\r\n|\r|\n/)
      .map((line) => (line.startsWith('"') ? line : (line.split(/[,;\t]/, 1)[0] ?? '')))
      .join('\n'),
    heading,
  );

const firstQuoted = (line: string): string =>
  (/^\s*"((?:[^"]|"")*)"/.exec(line)?.[1] ?? line.replaceAll('"', '')).replaceAll('""', '"');

/** A cell of CSV; one that a spreadsheet would take for a formula is made plain. */
export const csvCell = (text: string): string => {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

/** A file for spreadsheets, which take one without the mark at its beginning for another alphabet. */
export const csvText = (head: string, rows: readonly string[]): string =>
  `\ufeff${[head, ...rows].join('\r\n')}\r\n`;

/** The text of a list in UTF-8, or in UTF-16 with its mark; `undefined` where it is in neither. */
export const decodeList = (bytes: Uint8Array): string | undefined => {
  const [first, second] = bytes;
  const isWide = first === 0xff && second === 0xfe;
  try {
    return new TextDecoder(isWide ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};
