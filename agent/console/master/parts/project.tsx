/** The customer's own word for what a license is used for. */

import { useState } from 'preact/hooks';
import type { LicenseSummary } from '../../../vendor/master/master-operations.ts';
import { attempt } from '../../parts/attempt.ts';
import { toast } from '../../parts/toast.tsx';
import { t } from '../../text.ts';
import { askMaster } from '../master-api.ts';

export const Project = ({ license }: { readonly license: LicenseSummary }) => {
  const [project, setProject] = useState(license.project);
  const link = (event: Event): void => {
    event.preventDefault();
    void attempt(async () => {
      await askMaster('licenses', { kind: 'license-project', license: license.id, project });
      toast(t('my.linked'));
    });
  };
  return (
    <form class="inline" onSubmit={link}>
      <label>
        {t('my.project')}
        <input
          maxLength={128}
          value={project}
          placeholder={t('my.projectHint')}
          onInput={(event) => setProject(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="quiet" disabled={project === license.project}>
        {t('my.link')}
      </button>
    </form>
  );
};
