/** The fields of the form, each with its label, its hint, and what is wrong with it. */

import type { ComponentChildren } from 'preact';
import { t } from '../../text.ts';
import { Labelled } from '../parts/labelled.tsx';
import type { FieldName, OrderDraft } from './order-draft.ts';
import type { OrderFault, OrderWord } from './order-fault.ts';

/** What every part of the form is handed. */
export interface OrderForm {
  readonly draft: OrderDraft;
  readonly change: (change: Partial<OrderDraft>) => void;
  /** `undefined` while nothing is wrong, or nobody has typed yet. */
  readonly fault: OrderFault | undefined;
}

interface FieldProps {
  readonly form: OrderForm;
  readonly name: FieldName;
  readonly label: string;
  /** Its name on the command line, by which the master tells of it. */
  readonly word?: OrderWord;
  readonly hint?: string;
  readonly type?: 'text' | 'date' | 'number' | 'url';
  readonly placeholder?: string;
  readonly list?: string;
  readonly isRequired?: boolean;
}

export const Field = (props: FieldProps) => {
  const { form, name, label, word, hint, type = 'text', placeholder, list, isRequired } = props;
  const isWrong = word !== undefined && form.fault?.word === word;
  return (
    <Labelled label={label} hint={isWrong ? form.fault?.sentence : hint} isWrong={isWrong}>
      {(about) => (
        <input
          {...{ type, placeholder, list }}
          {...(type === 'number' ? { min: 0, inputMode: 'numeric' as const } : {})}
          required={isRequired ?? false}
          maxLength={name === 'hostCode' ? 4096 : 512}
          spellcheck={false}
          autocomplete="off"
          value={form.draft[name]}
          aria-invalid={isWrong}
          aria-describedby={about}
          onInput={(event) => form.change({ [name]: event.currentTarget.value })}
        />
      )}
    </Labelled>
  );
};

interface ChoiceProps {
  readonly form: OrderForm;
  readonly name: FieldName;
  readonly label: string;
  /** Values and what they are called. */
  readonly options: readonly (readonly [value: string, title: string])[];
}

export const Choice = ({ form, name, label, options }: ChoiceProps) => (
  <label>
    {label}
    <select
      value={form.draft[name]}
      onChange={(event) => form.change({ [name]: event.currentTarget.value })}
    >
      {options.map(([value, title]) => (
        <option key={value} value={value}>
          {title}
        </option>
      ))}
    </select>
  </label>
);

interface PartProps {
  readonly title: string;
  readonly lead?: string;
  readonly children: ComponentChildren;
}

export const Part = ({ title, lead, children }: PartProps) => (
  <fieldset class="card">
    <legend>{title}</legend>
    {lead === undefined ? null : <p class="muted">{lead}</p>}
    {children}
  </fieldset>
);

/** Fields that most licenses leave as they are; open while one of them is wrong. */
export const More = ({ children, isOpen }: { children: ComponentChildren; isOpen: boolean }) => (
  <details open={isOpen}>
    <summary>{t('order.more')}</summary>
    <div class="duo">{children}</div>
  </details>
);
