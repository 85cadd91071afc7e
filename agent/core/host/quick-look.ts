/** One look instead of many: a regular expression costs more to make than to use. */

/**
 * Whether one of `rules` may fit one of the values: all of them as one expression, over all values at
 * once. Where it says no, none does; where it says yes, they are to be asked one by one. It reads
 * across the ends of values and takes either case, so it says yes too often and never no. The patterns
 * may not refer back to their own groups.
 */
export const quickLook = (
  rules: readonly { readonly pattern: Pick<RegExp, 'source'> }[],
): ((values: readonly string[]) => boolean) => {
  let any: RegExp | undefined;
  let last: { readonly text: string; readonly fits: boolean } | undefined;
  return (values) => {
    if (values.length === 0) return false;
    const text = values.join('\n');
    // Of one machine the same is asked again.
    if (last?.text === text) return last.fits;
    any ??= new RegExp(rules.map(({ pattern }) => pattern.source).join('|'), 'im');
    last = { text, fits: any.test(text) };
    return last.fits;
  };
};
