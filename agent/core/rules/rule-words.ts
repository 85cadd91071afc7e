/** Parts a line of the rules into words. */

import { err, ok, type Result } from '../../../protocol/result.ts';

export interface Word {
  readonly text: string;
  /** Some of it stood in quotation marks: it is a name, never a keyword. */
  readonly quoted: boolean;
  /** Where the first `/` outside quotation marks is; -1 without. */
  readonly slash: number;
}

interface RuleWords {
  readonly words: readonly Word[];
  /** The line without its comment and outer blanks. */
  readonly text: string;
}

/**
 * The words of a line. `,` and `=` are words of their own; quotation marks hold a name with blanks
 * or signs together; a `#` that begins a word begins a comment.
 */
export const readWords = (line: string): Result<RuleWords, string> => {
  const words: Word[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(line[at] ?? '')) at++;
    const sign = line[at];
    if (sign === undefined || sign === '#') return ok({ words, text: line.slice(0, at).trim() });
    if (sign === ',' || sign === '=') {
      words.push({ text: sign, quoted: false, slash: -1 });
      at++;
      continue;
    }
    const read = readWord(line, at);
    if (read === undefined) {
      return err('A quotation mark is not closed: put another " behind the name.');
    }
    words.push(read.word);
    at = read.end;
  }
};

const readWord = (
  line: string,
  start: number,
): { readonly word: Word; readonly end: number } | undefined => {
  let text = '';
  let slash = -1;
  let quoted = false;
  let inside = false;
  let at = start;
  for (; at < line.length; at++) {
    const sign = line[at] ?? '';
    if (!inside && /[\s,=]/.test(sign)) break;
    if (sign === '"') {
      inside = !inside;
      quoted = true;
      continue;
    }
    if (!inside && sign === '/' && slash < 0) slash = text.length;
    text += sign;
  }
  return inside ? undefined : { word: { text, quoted, slash }, end: at };
};
