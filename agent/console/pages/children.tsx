/** Servers of clients that lend some of the seats of licenses here. */

import { useState } from 'preact/hooks';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { ChildView } from '../../core/operations.ts';
import { ask } from '../api.ts';
import { ChildForm } from '../children/child-form.tsx';
import { attempt } from '../parts/attempt.ts';
import { Dialog } from '../parts/dialog.tsx';
import { saveFile } from '../parts/save-file.ts';
import { useMay } from '../parts/session.ts';
import { Sheet } from '../parts/sheet.tsx';
import { toast } from '../parts/toast.tsx';
import { count, day, moment, number, say, t } from '../text.ts';
import { useOperation } from '../views.ts';

export const ChildrenPage = () => {
  const children = useOperation({ kind: 'child-list' })?.children;
  const licenses = useOperation({ kind: 'license-list' })?.licenses;
  const mayChange = useMay('administrator');
  if (children === undefined || licenses === undefined) {
    return <p class="empty">{t('app.loading')}</p>;
  }
  const parents = licenses.filter((one) => one.children !== null && one.refusal === null);
  return (
    <>
      <h1>
        {t('nav.children')} <small>{number(children.length)}</small>
      </h1>
      {mayChange && parents.length > 0 ? (
        <details class="card adding">
          <summary>{t('child.create')}</summary>
          <ChildForm parents={parents} />
        </details>
      ) : null}
      {parents.length === 0 ? <p class="muted">{t('child.noLicense')}</p> : null}
      {children.length === 0 ? <p class="empty">{t('child.none')}</p> : null}
      <ul class="licenses">
        {children.map((child) => (
          <ChildCard key={child.id} child={child} mayChange={mayChange} />
        ))}
      </ul>
    </>
  );
};

const TONES = { active: 'good', suspended: 'warn', removed: 'plain' } as const;

interface CardProps {
  readonly child: ChildView;
  readonly mayChange: boolean;
}

const ChildCard = ({ child, mayChange }: CardProps) => {
  const { account, product, state, pools, hostName, seen, upToDate } = child;
  return (
    <li class="card license">
      <div class="title">
        <h2>{account}</h2>
        <span class={`badge ${TONES[state]}`}>{say('child.state', state)}</span>
        {upToDate ? null : <span class="badge plain">{t('child.underWay')}</span>}
      </div>
      <p class="promise">
        {product}
        <span class="muted">
          {' · '}
          {hostName ?? t('child.notYet')}
          {seen === null ? '' : ` · ${t('child.seen', { when: moment(seen) })}`}
        </span>
      </p>
      <ul class="lines">
        {pools.map((pool) => (
          <li key={pool.class}>
            {pool.class === GENERIC_CLASS ? '' : `${pool.class}: `}
            {count('seats', pool.now)}
            {pool.allotted <= Math.max(pool.now, pool.wanted) ? null : (
              <em>{t('child.allotted', { n: pool.allotted })}</em>
            )}
          </li>
        ))}
      </ul>
      <p class="muted">
        {child.expires === null
          ? t('lic.endsNever')
          : t('child.expires', { day: day(child.expires - 1) })}
      </p>
      {mayChange && state !== 'removed' ? <ChildActions child={child} /> : null}
    </li>
  );
};

const ChildActions = ({ child }: Pick<CardProps, 'child'>) => {
  const [asking, setAsking] = useState<'suspend' | 'remove' | 'update'>();
  const { id, account, state } = child;
  const close = (): void => setAsking(undefined);
  const saveBlock = async (): Promise<void> => {
    const { text } = await ask({ kind: 'child-block', id });
    saveFile(`${account}-license.txt`, 'text/plain', text);
  };
  const resume = async (): Promise<void> => {
    await ask({ kind: 'child-resume', id });
    toast(t('child.resumed', { account }));
  };
  return (
    <div class="actions start">
      <button type="button" class="quiet" onClick={() => setAsking('update')}>
        {t('child.update')}
      </button>
      <button type="button" class="quiet" onClick={() => attempt(saveBlock)}>
        {t('child.save')}
      </button>
      {state === 'suspended' ? (
        <button type="button" class="quiet" onClick={() => attempt(resume)}>
          {t('child.resume')}
        </button>
      ) : (
        <button type="button" class="quiet" onClick={() => setAsking('suspend')}>
          {t('child.suspend')}
        </button>
      )}
      <button type="button" class="danger quiet" onClick={() => setAsking('remove')}>
        {t('lic.remove')}
      </button>
      {asking === 'update' ? (
        <Sheet title={t('child.update.title', { account })} onClose={close}>
          <ChildForm child={child} onDone={close} parents={[]} />
        </Sheet>
      ) : null}
      {asking === 'suspend' || asking === 'remove' ? (
        <Dialog
          isDangerous
          title={t(`child.${asking}.title`, { account })}
          action={t(asking === 'remove' ? 'lic.remove' : 'child.suspend')}
          onClose={close}
          onDo={async () => {
            await ask(
              asking === 'remove' ? { kind: 'child-remove', id } : { kind: 'child-suspend', id },
            );
            toast(t('child.told', { account }));
          }}
        >
          <p>{t(`child.${asking}.lead`)}</p>
        </Dialog>
      ) : null}
    </div>
  );
};
