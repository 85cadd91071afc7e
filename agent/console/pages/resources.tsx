/** The customer's databases and projects that licenses are tied to. */

import { useState } from 'preact/hooks';
import { ANY_RESOURCE } from '../../../protocol/license.ts';
import type { ResourceView } from '../../core/operations.ts';
import { ask } from '../api.ts';
import { attempt } from '../parts/attempt.ts';
import { Dialog } from '../parts/dialog.tsx';
import { readNames } from '../parts/names.ts';
import { SeatBar } from '../parts/seat-bar.tsx';
import { useMay } from '../parts/session.ts';
import { toast } from '../parts/toast.tsx';
import { t } from '../text.ts';
import { useOperation } from '../views.ts';

export const ResourcesPage = () => {
  const resources = useOperation({ kind: 'resource-list' })?.resources;
  const mayChange = useMay('administrator');
  if (resources === undefined) return <p class="empty">{t('app.loading')}</p>;
  return (
    <>
      <h1>{t('nav.resources')}</h1>
      {mayChange ? <Register /> : null}
      {resources.length === 0 ? <p class="empty">{t('res.none')}</p> : null}
      <ul class="licenses">
        {resources.map((resource) => (
          <ResourceCard key={resource.name} resource={resource} mayChange={mayChange} />
        ))}
      </ul>
    </>
  );
};

const Register = () => {
  const [text, setText] = useState('');
  const [customer, setCustomer] = useState('');
  const names = readNames(text, 'resource');
  const register = (event: Event): void => {
    event.preventDefault();
    void attempt(async () => {
      await ask({ kind: 'resource-add', names, customer: customer.trim() || null });
      toast(t('res.done', { name: names.join(', ') }));
      setText('');
    });
  };
  return (
    <details class="card adding">
      <summary>{t('res.add')}</summary>
      <form onSubmit={register}>
        <label>
          {t('res.names')}
          <textarea rows={3} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <label>
          {t('res.customer')}
          <input value={customer} onInput={(event) => setCustomer(event.currentTarget.value)} />
        </label>
        <div class="actions start">
          <button type="submit" class="main" disabled={names.length === 0}>
            {t('res.addNow')}
          </button>
        </div>
      </form>
    </details>
  );
};

const ResourceCard = ({
  resource,
  mayChange,
}: {
  readonly resource: ResourceView;
  readonly mayChange: boolean;
}) => {
  const { name, customer, licenses, lent, seats } = resource;
  const [isRemoving, setRemoving] = useState(false);
  return (
    <li class="card license">
      <div class="title">
        <h2>{name}</h2>
        {customer === null ? null : <span class="muted">{customer}</span>}
      </div>
      <div class="use">
        <SeatBar label={name} used={lent} total={seats} />
        <span class="figure">{t('over.inUse', { used: lent, total: seats })}</span>
      </div>
      {licenses.length === 0 ? null : (
        <p class="muted">
          {t('res.licenses')}: {licenses.join(', ')}
        </p>
      )}
      {mayChange ? (
        <div class="actions start">
          <Activate name={name} />
          <button type="button" class="danger quiet" onClick={() => setRemoving(true)}>
            {t('res.remove')}
          </button>
        </div>
      ) : null}
      {isRemoving ? (
        <Dialog
          isDangerous
          title={t('res.remove.title', { name })}
          action={t('res.remove')}
          onClose={() => setRemoving(false)}
          onDo={async () => {
            await ask({ kind: 'resource-remove', name });
          }}
        >
          <p>{t('res.remove.lead')}</p>
        </Dialog>
      ) : null}
    </li>
  );
};

/** Only licenses for a resource of the administrator's choice can be activated for one. */
const Activate = ({ name }: { readonly name: string }) => {
  const licenses = useOperation({ kind: 'license-list' })?.licenses ?? [];
  const free = licenses.filter(
    ({ resource, activatedFor }) =>
      (resource === ANY_RESOURCE && activatedFor === null) || resource === name,
  );
  const [license, setLicense] = useState('');
  if (free.length === 0) return null;
  const activate = (): Promise<boolean> =>
    attempt(async () => {
      const chosen = license || (free[0]?.id ?? '');
      await ask({ kind: 'resource-activate', name, license: chosen, customer: null });
      toast(t('res.done', { name }));
    });
  return (
    <>
      <select
        aria-label={t('res.activate')}
        value={license}
        onChange={(event) => setLicense(event.currentTarget.value)}
      >
        {free.map(({ id, product }) => (
          <option key={id} value={id}>
            {product} ({id.slice(0, 8)})
          </option>
        ))}
      </select>
      <button type="button" class="quiet" onClick={activate}>
        {t('res.activateNow')}
      </button>
    </>
  );
};
