/** How the demo speaks: numbered steps, what each party says beneath. */

const COLORS = { bold: 1, dim: 2, red: 31, green: 32 } as const;

const isColored = process.stdout.isTTY === true && !process.env['NO_COLOR'];

export const paint = (color: keyof typeof COLORS, text: string): string =>
  isColored ? `\u001b[${COLORS[color]}m${text}\u001b[0m` : text;

let steps = 0;

export const sayStep = (sentence: string): void => {
  console.log(`\n${paint('green', `${String(++steps).padStart(2)}.`)} ${sentence}`);
};

export const sayDetail = (sentence: string): void => {
  console.log(paint('dim', `      ${sentence}`));
};

export const sayFailure = (sentence: string): void => {
  console.error(`\n${paint('red', 'The demo stopped:')} ${sentence}`);
};
