/** A field with its label and what is said below it, which a screen reader reads after the label. */

import { useId } from 'preact/hooks';

interface LabelledProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is said is what is wrong. */
  readonly isWrong?: boolean;
  /** Draws the field; `about` is the id of what is said below. */
  readonly children: (about: string | undefined) => preact.JSX.Element;
}

export const Labelled = ({ label, hint, isWrong = false, children }: LabelledProps) => {
  const id = useId();
  return (
    <div class="field">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the field is drawn by whoever uses this. */}
      <label>
        {label}
        {children(hint === undefined ? undefined : id)}
      </label>
      {hint === undefined ? null : (
        <small id={id} class={isWrong ? 'fault' : ''}>
          {hint}
        </small>
      )}
    </div>
  );
};
