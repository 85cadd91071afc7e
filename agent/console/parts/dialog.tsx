/** A question that stands before the page until it is answered. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../text.ts';
import { attempt } from './attempt.ts';

interface DialogProps {
  readonly title: string;
  /** The word on the button that does it. */
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly onDo: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export const Dialog = ({ title, action, isDangerous, onDo, onClose, children }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    if (await attempt(onDo)) onClose();
    else setBusy(false);
  };
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id="dialog-title">{title}</h2>
        {children}
        <div class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            {t('do.cancel')}
          </button>
          <button type="submit" class={isDangerous ? 'danger' : 'main'} disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
};
