/** What somebody would get, by a text of rules, and why: the checker's words. */

import { useState } from 'preact/hooks';
import type { Explanation } from '../../core/operations.ts';
import { ask } from '../api.ts';
import { say, t } from '../text.ts';
import { useOperation } from '../views.ts';
import { attempt } from './attempt.ts';

const FIELDS = ['user', 'host', 'application', 'address'] as const;

interface ExplainProps {
  readonly rules: string;
  readonly isSound: boolean;
}

export const ExplainWish = ({ rules, isSound }: ExplainProps) => {
  const licenses = useOperation({ kind: 'license-list' })?.licenses ?? [];
  const products = [...new Set(licenses.map(({ product }) => product))].sort();
  const [seen, setSeen] = useState<Explanation>();
  const explain = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const field = (name: string): string => String(data.get(name) ?? '').trim();
    void attempt(async () => {
      const holder = {
        user: field('user'),
        host: field('host'),
        application: field('application'),
        process: 0,
      };
      const wish = {
        product: field('product'),
        class: null,
        resource: null,
        features: [],
        weight: 1,
        version: null,
        released: null,
        holder,
      };
      const address = field('address') || null;
      setSeen((await ask({ kind: 'explain', wish, address, rules })).explanation);
    });
  };
  return (
    <section class="card explain">
      <h2>{t('rule.try')}</h2>
      <form onSubmit={explain}>
        <label>
          {t('seat.product')}
          <select name="product">
            {products.map((product) => (
              <option key={product}>{product}</option>
            ))}
          </select>
        </label>
        {FIELDS.map((name) => (
          <label key={name}>
            {t(name === 'address' ? 'rule.address' : `seat.${name}`)}
            <input name={name} autocomplete="off" />
          </label>
        ))}
        <button type="submit" class="quiet" disabled={!isSound}>
          {t('rule.tryNow')}
        </button>
      </form>
      <div aria-live="polite">{seen === undefined ? null : <Explained seen={seen} />}</div>
    </section>
  );
};

const Explained = ({ seen }: { readonly seen: Explanation }) => (
  <>
    <p class={seen.refusal === null ? 'verdict good' : 'verdict bad'}>{verdict(seen)}</p>
    <p class="muted">
      {t('rule.inUse', { used: seen.inUse, all: seen.seats })}{' '}
      {seen.withheld === 0 ? '' : t('rule.withheld', { n: seen.withheld })}
    </p>
    <ol class="ruling">
      {seen.rules.map(({ line, says, applies }) => {
        const now = seen.counts.find((one) => one.line === line.number);
        return (
          <li key={line.number} value={line.number} class={applies ? 'applies' : ''}>
            <code>{line.text}</code>
            <p>
              {applies ? <span class="badge plain">{t('rule.applies')}</span> : null} {says}{' '}
              {now === undefined ? '' : t('rule.count', { held: now.held, most: now.most })}
            </p>
          </li>
        );
      })}
    </ol>
    <p class="muted">{t('rule.draft')}</p>
  </>
);

const verdict = ({ refusal, shared, overdraft }: Explanation): string => {
  if (refusal !== null) return say('refusal', refusal);
  if (shared) return t('rule.shared');
  return t(overdraft ? 'rule.overdraft' : 'rule.yes');
};
