/** Short news at the edge of the page, read out by screen readers. */

import { useEffect, useState } from 'preact/hooks';

interface ToastAction {
  readonly word: string;
  readonly act: () => void;
}

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isBad: boolean;
  readonly action: ToastAction | undefined;
}

const LIFE_MS = 8000;
/** What can be undone stays longer. */
const ACTION_LIFE_MS = 20_000;
let toasts: readonly Toast[] = [];
let redraw = (): void => {};
let ids = 0;

export const toast = (text: string, isBad = false, action?: ToastAction): void => {
  const id = ++ids;
  toasts = [...toasts.slice(-3), { id, text, isBad, action }];
  redraw();
  setTimeout(() => forget(id), action === undefined ? LIFE_MS : ACTION_LIFE_MS);
};

const forget = (id: number): void => {
  toasts = toasts.filter((one) => one.id !== id);
  redraw();
};

export const Toasts = () => {
  const [, set] = useState(0);
  useEffect(() => {
    redraw = () => set((n) => n + 1);
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text, isBad, action }) => (
        <p key={id} class={isBad ? 'toast bad' : 'toast'}>
          {text}
          {action === undefined ? null : (
            <button
              type="button"
              onClick={() => {
                forget(id);
                action.act();
              }}
            >
              {action.word}
            </button>
          )}
        </p>
      ))}
    </div>
  );
};
