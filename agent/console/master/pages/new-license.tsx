/** A new license: every field that the command has, checked by the master while it is typed. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { MasterOutcome, TermsView } from '../../../vendor/master/master-operations.ts';
import { Refused } from '../../api.ts';
import { attempt } from '../../parts/attempt.ts';
import { StageLine } from '../../parts/stage-line.tsx';
import { day, t } from '../../text.ts';
import { askMaster, useMaster } from '../master-api.ts';
import { Activation } from '../order/activation-part.tsx';
import type { OrderForm } from '../order/fields.tsx';
import { emptyOrder, type OrderDraft, orderQuestion } from '../order/order-draft.ts';
import { type OrderFault, orderFault } from '../order/order-fault.ts';
import { Covers, Dates, ForWhat, Hosts, Seats } from '../order/order-parts.tsx';
import { promiseOf } from '../parts/license-words.tsx';
import { SaveText } from '../parts/save-text.tsx';

/** Milliseconds after the last key until the master is asked. */
const PAUSE_MS = 250;
const NAMES = 20;

type Issued = Extract<MasterOutcome, { kind: 'license' }>;

interface Checked {
  readonly terms?: TermsView;
  readonly fault?: OrderFault;
}

/** `preset`: `server`, or `for-` and the id of a customer. */
export const NewLicensePage = ({ preset }: { readonly preset: string }) => {
  const [, customer = ''] = /^for-(\w+)$/.exec(preset) ?? [];
  const [issued, setIssued] = useState<Issued>();
  const known = useMaster('customers', { kind: 'customer-list', text: customer, most: NAMES });
  if (customer !== '' && known === undefined) return <p class="empty">{t('app.loading')}</p>;
  const first = customer === '' ? '' : (known?.customers[0]?.name ?? '');
  if (issued !== undefined) {
    return <Done issued={issued} onAgain={() => setIssued(undefined)} />;
  }
  return <OrderPage {...{ isServer: preset === 'server', customer: first, onDone: setIssued }} />;
};

interface OrderPageProps {
  readonly isServer: boolean;
  readonly customer: string;
  readonly onDone: (issued: Issued) => void;
}

const OrderPage = ({ isServer, customer, onDone }: OrderPageProps) => {
  const [draft, setDraft] = useState(() =>
    emptyOrder({ customer, type: isServer ? 'server' : 'floating' }),
  );
  const [isTouched, setTouched] = useState(false);
  const checked = useChecked(draft);
  const names = useMaster('customers', {
    kind: 'customer-list',
    text: useSettled(draft.customer),
    most: NAMES,
  });
  const form: OrderForm = {
    draft,
    change: (change) => {
      setTouched(true);
      setDraft((before) => ({ ...before, ...change }));
    },
    fault: isTouched ? checked.fault : undefined,
  };
  const issue = (event: Event): void => {
    event.preventDefault();
    void attempt(async () =>
      onDone(await askMaster('license', orderQuestion('license-issue', draft))),
    );
  };
  const known = [...new Set(names?.customers.map(({ name }) => name))];
  return (
    <>
      <h1>{t(isServer ? 'order.newServer' : 'nav.clerk.new')}</h1>
      <form class="order" onSubmit={issue} noValidate>
        <div>
          <ForWhat form={form} names={known} />
          <Seats form={form} />
          <Dates form={form} />
          <Covers form={form} />
          <Activation form={form} />
          <Hosts form={form} />
        </div>
        <Preview checked={checked} fault={form.fault} customer={draft.customer} />
      </form>
    </>
  );
};

/** What the master says of the order, some time after the last key. */
const useChecked = (draft: OrderDraft): Checked => {
  const [checked, setChecked] = useState<Checked>({});
  const count = useRef(0);
  useEffect(() => {
    const mine = ++count.current;
    const show = (next: Checked): void => {
      if (mine === count.current) setChecked(next);
    };
    const timer = setTimeout(() => {
      askMaster('checked', orderQuestion('license-check', draft)).then(
        ({ terms }) => show({ terms }),
        (error: unknown) => {
          if (!(error instanceof Refused)) throw error;
          show({ fault: orderFault(error.message) });
        },
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  return checked;
};

const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
};

interface PreviewProps {
  readonly checked: Checked;
  readonly fault: OrderFault | undefined;
  readonly customer: string;
}

const Preview = ({ checked: { terms }, fault, customer }: PreviewProps) => (
  <aside class="card preview" aria-label={t('order.preview')}>
    <h2>{t('order.preview')}</h2>
    {terms === undefined ? (
      <p class="muted">{t('order.notYet')}</p>
    ) : (
      <>
        <p class="figure-line">
          <strong>{terms.product}</strong>
          <br />
          {customer}
        </p>
        <p>{promiseOf(terms)}</p>
        <p class="muted">
          {terms.expires === null
            ? t('lic.validFor', { from: day(terms.starts) })
            : t('lic.validTo', { from: day(terms.starts), to: day(terms.expires - 1) })}
        </p>
        {terms.pools
          .filter(({ stages }) => stages.length > 0)
          .map((pool) => (
            <StageLine
              key={pool.class}
              pool={pool}
              license={{ starts: terms.starts, ends: terms.expires }}
            />
          ))}
      </>
    )}
    {fault === undefined ? null : (
      <p class="fault" role="status">
        {fault.sentence}
      </p>
    )}
    <button type="submit" class="main" disabled={terms === undefined}>
      {t('order.issue')}
    </button>
    <p class="muted hint">{t('order.signed')}</p>
  </aside>
);

const Done = ({ issued, onAgain }: { readonly issued: Issued; readonly onAgain: () => void }) => {
  const { license, text } = issued;
  return (
    <>
      <h1>{t('order.issued')}</h1>
      <section class="card slim">
        <p class="figure-line">
          <strong>{license.product}</strong>
          <br />
          {license.customerName}
        </p>
        <p>{promiseOf(license)}</p>
        <p class="muted">{t('order.send')}</p>
        <SaveText text={text} name={`${license.product}-${license.id.slice(0, 8)}.txt`} />
        <div class="actions start">
          <a class="button quiet" href={`#/license/${license.id}`}>
            {t('order.show')}
          </a>
          <button type="button" class="quiet" onClick={onAgain}>
            {t('order.again')}
          </button>
        </div>
      </section>
    </>
  );
};
