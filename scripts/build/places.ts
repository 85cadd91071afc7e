/** Tells a finished binary where in its own file its program lies (build/pkg/start.cjs). */

import { open, readFile } from 'node:fs/promises';

/** As many digits as a number has in the binary. */
const DIGITS = 12;

const number = (value: number): string => String(value).padStart(DIGITS, '0');

/**
 * Writes into `binary` where the bytes of each of `files` begin in it. Rejects where one is not there,
 * or where the binary does not ask for it.
 */
export const writePlaces = async (
  binary: string,
  files: Readonly<Record<string, string>>,
): Promise<void> => {
  const whole = await readFile(binary);
  await using file = await open(binary, 'r+');
  for (const [name, path] of Object.entries(files)) {
    const bytes = await readFile(path);
    const asked = `${name}@${number(0)}+${number(0)}`;
    const [start, place] = [whole.indexOf(bytes), whole.indexOf(asked)];
    if (start < 0) throw new Error(`${binary} does not hold ${name} in one piece.`);
    if (place < 0) throw new Error(`${binary} does not ask where ${name} is.`);
    await file.write(`${name}@${number(start)}+${number(bytes.length)}`, place);
  }
};
