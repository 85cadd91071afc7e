/** Finds the known word that somebody probably meant. */

/** Mistakes that are forgiven: one in a short word, two in a longer one. */
const mistakesIn = (word: string): number => (word.length < 5 ? 1 : 2);

/** The known word with the fewest wrong, missing, extra or swapped letters, if they are few. */
export const nearestWord = (word: string, known: Iterable<string>): string | undefined => {
  const wanted = word.toLowerCase();
  let most = mistakesIn(wanted);
  let nearest: string | undefined;
  for (const one of known) {
    const mistakes = countMistakes(wanted, one.toLowerCase(), most);
    if (mistakes > most) continue;
    nearest = one;
    most = mistakes - 1;
    if (most < 0) break;
  }
  return nearest;
};

/** ` Did you mean "reserve"?`, or nothing when no known word is near. */
export const didYouMean = (word: string, known: Iterable<string>): string => {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
};

/** The edit distance where swapped neighbours count once; any number above `most` when it is larger. */
const countMistakes = (left: string, right: string, most: number): number => {
  if (Math.abs(left.length - right.length) > most) return most + 1;
  let older: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      const swapped = left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      row[j] = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (older[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    if (Math.min(...row) > most) return most + 1;
    older = previous;
    previous = row;
  }
  return previous[right.length] ?? 0;
};
