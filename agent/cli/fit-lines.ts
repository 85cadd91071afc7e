/** Long lines on a narrow terminal: broken between words, under the column that they belong to. */

/** Narrower than this nothing is mended by breaking. */
const WIDTH_MIN = 40;

/** The text with no line wider than `width` that can be broken; pictures and colours stay as they are. */
export const fitLines = (text: string, width: number): string =>
  width < WIDTH_MIN || !Number.isFinite(width)
    ? text
    : text
        .split('\n')
        .map((line) => fitLine(line, width))
        .join('\n');

const fitLine = (line: string, width: number): string => {
  if (line.length <= width || line.includes('\x1b')) return line;
  const indent = indentOf(line, width);
  const lines: string[] = [];
  let current = line.slice(0, indent);
  let isEmpty = true;
  for (const word of line.slice(indent).split(' ')) {
    if (!isEmpty && current.length + 1 + word.length > width) {
      lines.push(current);
      current = ' '.repeat(indent);
      isEmpty = true;
    }
    current += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, current].join('\n');
};

/** Where the last column begins, as far as it leaves room for words. */
const indentOf = (line: string, width: number): number => {
  let indent = 0;
  for (const { index, 0: gap } of line.matchAll(/(?:^| ) +(?=\S)/g)) {
    if (index + gap.length <= width / 2) indent = index + gap.length;
  }
  return indent;
};
