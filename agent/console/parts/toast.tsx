/** Short news at the edge of the page, read out by screen readers. */

import { useEffect, useState } from 'preact/hooks';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isBad: boolean;
}

const LIFE_MS = 8000;
let toasts: readonly Toast[] = [];
let redraw = (): void => {};
let ids = 0;

export const toast = (text: string, isBad = false): void => {
  const id = ++ids;
  toasts = [...toasts.slice(-3), { id, text, isBad }];
  redraw();
  setTimeout(() => {
    toasts = toasts.filter((one) => one.id !== id);
    redraw();
  }, LIFE_MS);
};

export const Toasts = () => {
  const [, set] = useState(0);
  useEffect(() => {
    redraw = () => set((n) => n + 1);
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text, isBad }) => (
        <p key={id} class={isBad ? 'toast bad' : 'toast'}>
          {text}
        </p>
      ))}
    </div>
  );
};
