/** What a child is to have: for a new one, or a change of one. */

import { useState } from 'preact/hooks';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { ChildChange, ChildView, LicenseView } from '../../core/operations.ts';
import { ask } from '../api.ts';
import { attempt } from '../parts/attempt.ts';
import { saveFile } from '../parts/save-file.ts';
import { toast } from '../parts/toast.tsx';
import { t } from '../text.ts';

const DAY_S = 86_400;

interface ChildFormProps {
  /** Licenses that may have children; for a new one. */
  readonly parents: readonly LicenseView[];
  /** The one that is changed. */
  readonly child?: ChildView;
  readonly onDone?: () => void;
}

export const ChildForm = ({ parents, child, onDone }: ChildFormProps) => {
  const [license, setLicense] = useState(parents[0]?.id ?? '');
  const chosen = parents.find(({ id }) => id === license);
  const submit = (event: Event): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const classes = (child?.pools ?? chosen?.pools ?? []).map((pool) => pool.class);
    const terms = readTerms(data, classes);
    void attempt(async () => {
      if (child === undefined) await create(license, data, terms);
      else await ask({ kind: 'child-update', id: child.id, change: keepStages(terms, child) });
      if (child !== undefined) toast(t('child.told', { account: child.account }));
      form.reset();
      onDone?.();
    });
  };
  return (
    <form onSubmit={submit}>
      {child === undefined ? (
        <div class="duo">
          <label>
            {t('child.client')}
            <input name="account" required maxLength={128} />
          </label>
          <label>
            {t('lic.id')}
            <select value={license} onChange={(event) => setLicense(licenseOf(event, parents))}>
              {parents.map(({ id, product, customer }) => (
                <option key={id} value={id}>
                  {product}, {customer}
                </option>
              ))}
            </select>
          </label>
        </div>
      ) : null}
      <div class="duo">
        {(child?.pools ?? chosen?.pools ?? []).map((pool) => (
          <label key={pool.class}>
            {pool.class === GENERIC_CLASS ? t('lic.seats') : `${t('lic.seats')}, ${pool.class}`}
            <input
              name={`seats-${pool.class}`}
              type="number"
              min="0"
              defaultValue={child === undefined ? '' : String(pool.seats)}
            />
          </label>
        ))}
        <label>
          {t('child.last')}
          <input name="expires" type="date" defaultValue={dateOf(child?.expires ?? null)} />
        </label>
        <label>
          {t('child.longest')}
          <input name="longest" type="number" min="10" max="86400" />
        </label>
        <label>
          {t('child.most')}
          <input name="most" type="number" min="0" />
        </label>
        <label>
          {t('child.parent')}
          <input name="parent" type="url" placeholder="https://licenses.example.com:24711" />
        </label>
      </div>
      {child === undefined ? <Alone /> : null}
      <button type="submit" class="main">
        {t(child === undefined ? 'child.createNow' : 'child.change')}
      </button>
    </form>
  );
};

const Alone = () => (
  <details>
    <summary>{t('child.alone')}</summary>
    <label>
      {t('child.hostCode')}
      <input name="hostCode" />
    </label>
    <label class="check">
      <input name="silent" type="checkbox" />
      <span>{t('child.silent')}</span>
    </label>
  </details>
);

const licenseOf = (event: Event, parents: readonly LicenseView[]): LicenseView['id'] => {
  const { value } = event.currentTarget as HTMLSelectElement;
  return parents.find(({ id }) => id === value)?.id ?? parents[0]?.id ?? ('' as LicenseView['id']);
};

const textIn = (data: FormData, name: string): string => String(data.get(name) ?? '').trim();
const numberIn = (data: FormData, name: string): number | null => {
  const text = textIn(data, name);
  return text === '' ? null : Number(text);
};

/** What was left empty stays as it is, or as the license has it. */
const readTerms = (data: FormData, classes: readonly string[]): ChildChange => {
  const most = numberIn(data, 'most');
  return {
    parent: textIn(data, 'parent') || null,
    longest: numberIn(data, 'longest'),
    children: most === null || most === 0 ? null : { most, depth: 1 },
    expires: lastDay(textIn(data, 'expires')),
    pools: classes.flatMap((name) => {
      const seats = numberIn(data, `seats-${name}`);
      return seats === null ? [] : [{ class: name, seats, stages: [] }];
    }),
  };
};

/** Only seats that were typed anew are sent: a class that is named loses its stages. */
const keepStages = (terms: ChildChange, child: ChildView): ChildChange => ({
  ...terms,
  pools: terms.pools.filter(
    ({ class: name, seats }) => child.pools.find((one) => one.class === name)?.seats !== seats,
  ),
});

/** The first moment after a day in UTC. */
const lastDay = (text: string): EpochSeconds | null => {
  const at = Date.parse(text) / 1000;
  return Number.isFinite(at) ? epochSeconds(at + DAY_S) : null;
};

const dateOf = (expires: EpochSeconds | null): string =>
  expires === null ? '' : new Date((expires - 1) * 1000).toISOString().slice(0, 10);

const create = async (license: string, data: FormData, terms: ChildChange): Promise<void> => {
  const account = textIn(data, 'account');
  const wish = {
    ...terms,
    pools: terms.pools.filter(({ seats }) => seats > 0),
    silent: data.get('silent') !== null,
    hostCode: textIn(data, 'hostCode') || null,
  };
  const { text } = await ask({ kind: 'child-create', license, account, wish });
  saveFile(`${account}-license.txt`, 'text/plain', text);
  toast(t('child.created', { account }));
};
