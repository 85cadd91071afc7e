/** Rows as CSV (RFC 4180), for spreadsheets. */

/** A name that a client made up must be no formula there. */
const harmless = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

const cellOf = (value: string | number | null): string => {
  if (value === null) return '';
  const text = typeof value === 'number' ? String(value) : harmless(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const renderCsv = (
  headings: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string => [headings, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
