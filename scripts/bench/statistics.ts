/** The few numbers that stand for many samples. */

/** The value below which the share `q` (0 to 1) of the samples lies; NaN for no samples. */
export const quantile = (samples: readonly number[], q: number): number => {
  const sorted = [...samples].sort((left, right) => left - right);
  // The nearest rank: always a value that was really measured.
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
};

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** Half the distance from the least to the greatest sample, as a share of the median. */
export const spread = (samples: readonly number[]): number =>
  samples.length === 0
    ? Number.NaN
    : (quantile(samples, 1) - quantile(samples, 0)) / 2 / median(samples);

/** Rounded to so many digits that count, as people and diffs like it. */
export const rounded = (value: number, digits = 4): number => Number(value.toPrecision(digits));
