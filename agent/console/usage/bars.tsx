/** Values as bars beside each other's words, the longest first. */

import type { ComponentChildren } from 'preact';

export interface Bar {
  readonly key: string;
  readonly words: ComponentChildren;
  readonly value: number;
  /** Of the value, what is drawn strongly; all of it, where it is left out. */
  readonly strong?: number;
  readonly figure: string;
}

const BARS_MAX = 8;

export const Bars = ({
  bars,
  empty,
}: {
  readonly bars: readonly Bar[];
  readonly empty: string;
}) => {
  if (bars.length === 0) return <p class="muted">{empty}</p>;
  const shown = bars.slice(0, BARS_MAX);
  const most = Math.max(...shown.map(({ value }) => value));
  const wide = (value: number): string => `${(value / most) * 100}%`;
  return (
    <ul class="bars">
      {shown.map(({ key, words, value, strong = value, figure }) => (
        <li key={key}>
          <span>{words}</span>
          <em>{figure}</em>
          <div class="line" aria-hidden="true">
            <s style={{ width: wide(value) }} />
            <i style={{ width: wide(strong) }} />
          </div>
        </li>
      ))}
    </ul>
  );
};
