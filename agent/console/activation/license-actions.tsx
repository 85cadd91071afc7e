/** What can be done with a license that is here. */

import { useState } from 'preact/hooks';
import type { LicenseView } from '../../core/operations.ts';
import { ask } from '../api.ts';
import { attempt } from '../parts/attempt.ts';
import { Dialog } from '../parts/dialog.tsx';
import { saveFile } from '../parts/save-file.ts';
import { toast } from '../parts/toast.tsx';
import { count, t } from '../text.ts';
import { tellOutcome } from './outcome.ts';

interface ActionsProps {
  readonly license: LicenseView;
}

export const LicenseActions = ({ license }: ActionsProps) => {
  const [asking, setAsking] = useState<'remove' | 'move'>();
  const { id, product, activation, activated, returning } = license;
  const close = (): void => setAsking(undefined);
  const exportText = async (): Promise<void> => {
    const { text } = await ask({ kind: 'license-export', id });
    saveFile(`${product}-license.txt`, 'text/plain', text);
  };
  const refresh = async (): Promise<void> => {
    tellOutcome(await ask({ kind: 'license-refresh', ids: [id] }));
  };
  return (
    <div class="actions start">
      {activation?.master == null ? null : (
        <button type="button" class="quiet" onClick={() => attempt(refresh)}>
          {t('act.refresh')}
        </button>
      )}
      {activated === null || returning !== null ? null : (
        <button type="button" class="quiet" onClick={() => setAsking('move')}>
          {t('act.move')}
        </button>
      )}
      {returning === null ? null : (
        <button type="button" class="quiet" onClick={() => restore(license)}>
          {t('act.keep')}
        </button>
      )}
      <button type="button" class="quiet" onClick={() => attempt(exportText)}>
        {t('act.export')}
      </button>
      <button type="button" class="danger quiet" onClick={() => setAsking('remove')}>
        {t('lic.remove')}
      </button>
      {asking === 'remove' ? <Remove license={license} onClose={close} /> : null}
      {asking === 'move' ? <Move license={license} onClose={close} /> : null}
    </div>
  );
};

/** Takes back that a license was removed, or is about to be given back. */
export const restore = ({ id, product }: { readonly id: string; readonly product: string }) =>
  attempt(async () => {
    await ask({ kind: 'license-restore', id });
    toast(t('act.restored', { product }));
  });

interface AskingProps extends ActionsProps {
  readonly onClose: () => void;
}

const Remove = ({ license, onClose }: AskingProps) => {
  const { id, product, lent } = license;
  return (
    <Dialog
      isDangerous
      title={t('lic.remove.title', { product })}
      action={t('lic.remove')}
      onClose={onClose}
      onDo={async () => {
        await ask({ kind: 'license-remove', id });
        toast(t('lic.removed', { product }), false, {
          word: t('do.undo'),
          act: () => void restore(license),
        });
      }}
    >
      <p>{t('lic.remove.lead', { seats: count('seats', lent) })}</p>
    </Dialog>
  );
};

const Move = ({ license, onClose }: AskingProps) => {
  const { id, product, lent, activation } = license;
  const hasMaster = activation?.master != null;
  const [isOnline, setOnline] = useState(hasMaster);
  const move = async (): Promise<void> => {
    const done = await ask({ kind: 'license-deactivate', id, online: isOnline, credentials: null });
    for (const { master, sentence } of done.failures) {
      toast(t('act.failed', { master, why: sentence }), true);
    }
    if (done.receipt === null) toast(t('act.move.waits', { seats: count('seats', done.lent) }));
    else if (done.told) toast(t('act.move.told', { product }));
    else {
      saveFile(`${product}-receipt.txt`, 'text/plain', done.receipt);
      toast(t('act.move.carry'));
    }
  };
  return (
    <Dialog
      isDangerous
      title={t('act.move.title', { product })}
      action={t('act.move')}
      onClose={onClose}
      onDo={move}
    >
      <p>{t('act.move.lead', { seats: count('seats', lent) })}</p>
      {hasMaster ? (
        <label class="check">
          <input
            type="checkbox"
            checked={isOnline}
            onChange={(event) => setOnline(event.currentTarget.checked)}
          />
          <span>{t('act.move.online')}</span>
        </label>
      ) : null}
    </Dialog>
  );
};
