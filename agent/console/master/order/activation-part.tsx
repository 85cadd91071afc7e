/** How a new license is activated: the part of its form. */

import { t } from '../../text.ts';
import { Choice, Field, More, Part } from './fields.tsx';
import { choices, isWrong, type PartOf } from './order-parts.tsx';

export const Activation = ({ form }: PartOf) => {
  const { draft, change } = form;
  if (draft.type === 'standalone') return null;
  return (
    <Part title={t('act.activation')}>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.needsActivation}
          onChange={(event) => change({ needsActivation: event.currentTarget.checked })}
        />
        <span>{t('order.needsActivation')}</span>
      </label>
      {draft.needsActivation && draft.hostCode === '' ? <ActivationFields form={form} /> : null}
    </Part>
  );
};

const ActivationFields = ({ form }: PartOf) => (
  <>
    <div class="duo">
      <Choice
        {...{ form }}
        name="policy"
        label={t('order.policy')}
        options={choices('order.policyIs', ['agents', 'first', 'ask'])}
      />
      <Field
        {...{ form }}
        name="agents"
        word="agents"
        type="number"
        label={t('order.agents')}
        placeholder="1"
      />
      <Field
        {...{ form }}
        name="refreshDays"
        word="refresh"
        type="number"
        label={t('order.refresh')}
        hint={t('order.refreshHint')}
      />
      <Field
        {...{ form }}
        name="refreshGrace"
        type="number"
        label={t('order.grace')}
        placeholder="0"
      />
    </div>
    <More isOpen={isWrong(form, 'master', 'emergency')}>
      <Field
        {...{ form }}
        name="master"
        word="master"
        type="url"
        label={t('order.master')}
        placeholder="https://licenses.example.com:24711"
      />
      <Field
        {...{ form }}
        name="emergencyDays"
        word="emergency"
        type="number"
        label={t('order.emergency')}
        hint={t('order.emergencyHint')}
      />
      <Field
        {...{ form }}
        name="emergencyWindow"
        type="number"
        label={t('order.window')}
        placeholder="30"
      />
    </More>
  </>
);
