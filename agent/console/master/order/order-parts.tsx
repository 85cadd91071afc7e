/** The parts of the form for a new license, from what it is for to where it may run. */

import { say, t } from '../../text.ts';
import { Choice, Field, More, type OrderForm, Part } from './fields.tsx';
import { hasSeats } from './order-draft.ts';
import { SeatRows } from './seat-rows.tsx';

const TYPES = ['floating', 'named', 'server', 'standalone'] as const;

export interface PartOf {
  readonly form: OrderForm;
}

/** Whether what is wrong is in one of these fields. */
export const isWrong = ({ fault }: OrderForm, ...words: readonly string[]): boolean =>
  words.includes(fault?.word ?? '');

/** The options of a field, by their values. */
export const choices = (prefix: string, values: readonly string[]) =>
  values.map((value) => [value, say(prefix, value)] as const);

export const ForWhat = ({ form, names }: PartOf & { readonly names: readonly string[] }) => (
  <Part title={t('order.forWhat')}>
    <div class="duo">
      <Field
        {...{ form }}
        isRequired
        name="customer"
        word="customer"
        label={t('lic.customer')}
        hint={t('order.customerHint')}
        list="customers"
      />
      <Field
        {...{ form }}
        isRequired
        name="product"
        word="product"
        label={t('seat.product')}
        placeholder="acme-cad"
      />
    </div>
    <datalist id="customers">
      {names.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
    <div class="types" role="radiogroup" aria-label={t('lic.type')}>
      {TYPES.map((type) => (
        <label key={type} class="type">
          <input
            type="radio"
            name="type"
            checked={form.draft.type === type}
            onChange={() => form.change({ type })}
          />
          <strong>{t(`order.type.${type}`)}</strong>
          <small>{t(`order.typeIs.${type}`)}</small>
        </label>
      ))}
    </div>
  </Part>
);

export const Seats = ({ form }: PartOf) => {
  const { draft, change, fault } = form;
  if (!hasSeats(draft)) return null;
  return (
    <Part title={t('lic.seats')}>
      <SeatRows seats={draft} {...{ change, fault }} />
      <More isOpen={isWrong(form, 'count', 'borrow', 'children')}>
        {draft.type === 'named' ? null : (
          <Choice
            {...{ form }}
            name="counting"
            label={t('lic.counting')}
            options={[
              ['', say('lic.counting', 'process')],
              ['user', say('lic.counting', 'user')],
              ['host', say('lic.counting', 'host')],
            ]}
          />
        )}
        <Field
          {...{ form }}
          name="borrowSeats"
          word="borrow"
          type="number"
          label={t('order.borrowSeats')}
        />
        <Field {...{ form }} name="borrowDays" type="number" label={t('order.borrowDays')} />
        <Field
          {...{ form }}
          name="childrenMost"
          word="children"
          type="number"
          label={t('order.children')}
          hint={t('order.childrenHint')}
        />
        <Field
          {...{ form }}
          name="childrenDepth"
          type="number"
          label={t('order.childrenDepth')}
          placeholder="1"
        />
      </More>
    </Part>
  );
};

export const Dates = ({ form }: PartOf) => (
  <Part title={t('order.dates')}>
    <div class="duo">
      <Field
        {...{ form }}
        name="starts"
        word="starts"
        type="date"
        label={t('order.starts')}
        hint={t('order.startsHint')}
      />
      <Field
        {...{ form }}
        name="expires"
        word="expires"
        type="date"
        label={t('order.expires')}
        hint={t('order.expiresHint')}
      />
    </div>
    {form.draft.type === 'standalone' ? null : (
      <More isOpen={isWrong(form, 'trial', 'term')}>
        <Field
          {...{ form }}
          name="trial"
          word="trial"
          type="number"
          label={t('order.trial')}
          hint={t('order.trialHint')}
        />
        <Field
          {...{ form }}
          name="term"
          word="term"
          type="number"
          label={t('order.term')}
          placeholder="600"
        />
      </More>
    )}
  </Part>
);

export const Covers = ({ form }: PartOf) => (
  <Part title={t('order.covers')}>
    <div class="duo">
      <Field
        {...{ form }}
        name="features"
        word="feature"
        label={t('lic.features')}
        placeholder="solver, mesher"
      />
      <Field
        {...{ form }}
        name="versions"
        word="versions"
        label={t('lic.versions')}
        placeholder="10..12"
        hint={t('order.versionsHint')}
      />
    </div>
    <More isOpen={isWrong(form, 'maintenance', 'resource', 'meter')}>
      <Field
        {...{ form }}
        name="maintenance"
        word="maintenance"
        type="date"
        label={t('lic.maintenance')}
      />
      <Field
        {...{ form }}
        name="resource"
        word="resource"
        label={t('lic.resource')}
        hint={t('order.resourceHint')}
      />
      {form.draft.type === 'standalone' ? null : (
        <Field
          {...{ form }}
          name="meters"
          word="meter"
          label={t('order.meters')}
          placeholder="runs=500"
          hint={t('order.metersHint')}
        />
      )}
    </More>
  </Part>
);

export const Hosts = ({ form }: PartOf) => (
  <Part title={t('lic.hosts')}>
    {form.draft.type === 'standalone' ? (
      <Field
        {...{ form }}
        isRequired
        name="hostCode"
        word="host-code"
        label={t('order.hostCode')}
        hint={t('order.hostCodeHint')}
      />
    ) : null}
    <div class="duo">
      {(['virtual', 'container', 'unknown'] as const).map((name) => (
        <Choice
          key={name}
          {...{ form, name }}
          label={t(`host.${name}`)}
          options={choices(
            'lic.host',
            name === 'container' ? ['refuse', 'host', 'allow'] : ['refuse', 'allow'],
          )}
        />
      ))}
    </div>
    <More isOpen={isWrong(form, 'supersedes')}>
      {form.draft.type === 'standalone' ? null : (
        <Field
          {...{ form }}
          name="hostCode"
          word="host-code"
          label={t('order.hostCode')}
          hint={t('order.hostCodeHint')}
        />
      )}
      <Field
        {...{ form }}
        name="supersedes"
        word="supersedes"
        label={t('order.supersedes')}
        hint={t('order.supersedesHint')}
      />
      <Field
        {...{ form }}
        name="expands"
        label={t('order.expands')}
        hint={t('order.expandsHint')}
      />
    </More>
  </Part>
);
