/** The agent itself: what runs, where, with which settings. */

import type {
  BootView,
  FirewallView,
  ServiceView,
  SurroundingsView,
} from '../../admin/web/service-view.ts';
import { ask, call } from '../api.ts';
import { attempt } from '../parts/attempt.ts';
import { saveFile } from '../parts/save-file.ts';
import { useMay } from '../parts/session.ts';
import { toast } from '../parts/toast.tsx';
import { length, number, say, t } from '../text.ts';
import { useAnswer, useOperation, useSlowAnswer } from '../views.ts';
import { SiteCard } from './site.tsx';

export const ServicePage = () => {
  const service = useAnswer<ServiceView>('/api/service');
  const mayChange = useMay('administrator');
  if (service === undefined) return <p class="empty">{t('app.loading')}</p>;
  return (
    <>
      <h1>{t('nav.service')}</h1>
      <section class="card">
        <dl class="facts">
          {factsOf(service).map(([title, value]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {isMember(service) ? <SiteCard /> : null}
      <Surroundings />
      <Settings service={service} />
      {mayChange ? <Actions /> : null}
    </>
  );
};

const isMember = ({ settings }: ServiceView): boolean =>
  settings?.settings.some(({ name, value }) => name === 'site' && value !== null) ?? false;

const factsOf = (service: ServiceView): readonly (readonly [string, string])[] => {
  const { port, addresses, fingerprint, passwords } = service.console;
  return [
    [t('svc.version'), `${service.version} (${service.commit}), Node ${service.node}`],
    [t('svc.computer'), `${service.computer}, ${service.system}`],
    [t('svc.uptime'), length((Date.now() - service.started) / 1000)],
    [t('svc.process'), `${service.process}, ${number(Math.round(service.memory / 1e6))} MB`],
    [t('svc.udp'), t('svc.udpPort', { port: String(service.udpPort) })],
    [
      t('svc.console'),
      t('svc.consolePort', { port: String(port), addresses: addresses.join(', ') }),
    ],
    ...(fingerprint === null ? [] : [[t('svc.fingerprint'), fingerprint] as const]),
    [
      t('svc.passwords'),
      passwords.map((role) => say('role', role)).join(', ') || t('svc.noPasswords'),
    ],
    [t('svc.data'), service.data],
  ];
};

const Surroundings = () => {
  const around = useSlowAnswer<SurroundingsView>('/api/surroundings', {});
  if (around === undefined) return null;
  const { boot, firewall } = around;
  return (
    <section class="card">
      <h2>{t('svc.around')}</h2>
      <dl class="facts">
        <dt>{t('svc.boot')}</dt>
        <dd>{'why' in boot ? boot.why : <Boot {...boot} />}</dd>
        <dt>{t('svc.firewall')}</dt>
        <dd>{'why' in firewall ? firewall.why : <Firewall {...firewall} />}</dd>
      </dl>
    </section>
  );
};

const Boot = ({ isInstalled, startsAtBoot, detail }: BootView) => {
  if (startsAtBoot) return <>{t('svc.boot.yes')}</>;
  return (
    <>
      {t(isInstalled ? 'svc.boot.no' : 'svc.boot.notInstalled')}{' '}
      {detail ?? <code>{`usher service install`}</code>}
    </>
  );
};

const Firewall = ({ state, isOpen, warnings }: FirewallView) => (
  <>
    {state} {t(isOpen ? 'svc.firewall.open' : 'svc.firewall.shut')}{' '}
    {isOpen ? null : <code>usher firewall open</code>}
    {warnings.map((one) => (
      <small key={one} class="below">
        {one}
      </small>
    ))}
  </>
);

const Settings = ({ service: { settings } }: { readonly service: ServiceView }) => {
  if (settings === null) return null;
  return (
    <section class="card">
      <h2>{t('svc.settings')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section class="scrolls" tabIndex={0} aria-label={t('svc.settings')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('svc.setting')}</th>
              <th scope="col">{t('svc.value')}</th>
              <th scope="col">{t('svc.source')}</th>
            </tr>
          </thead>
          <tbody>
            {settings.settings.map(({ name, value, source, needsRestart }) => (
              <tr key={name}>
                <th scope="row">
                  {name} {needsRestart ? <small>{t('svc.restart')}</small> : null}
                </th>
                <td>{value === null ? '–' : [value].flat().join(', ')}</td>
                <td>{source === 'default' ? t('svc.default') : source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="muted">{t('svc.file', { file: settings.file })}</p>
    </section>
  );
};

const Actions = () => {
  const behind = useOperation({ kind: 'status' })?.status.clock.behind ?? 0;
  const reload = (): Promise<boolean> =>
    attempt(async () => {
      const { changed, needRestart } = await ask({ kind: 'config-reload' });
      toast(
        changed.length === 0
          ? t('svc.reloadedNone')
          : t('svc.reloaded', { changed: changed.join(', ') }),
      );
      if (needRestart.length > 0) toast(t('svc.needRestart', { names: needRestart.join(', ') }));
    });
  const diagnose = (): Promise<boolean> =>
    attempt(async () => {
      const bundle = await call<object>('/api/diagnostics');
      saveFile('usher-diagnostics.json', 'application/json', JSON.stringify(bundle, null, 2));
    });
  const resetClock = (): Promise<boolean> =>
    attempt(async () => {
      await ask({ kind: 'clock-reset' });
    });
  return (
    <section class="card">
      <div class="actions start">
        <button type="button" class="quiet" onClick={reload}>
          {t('svc.reload')}
        </button>
        <button type="button" class="quiet" onClick={diagnose}>
          {t('svc.diagnostics')}
        </button>
        {behind > 0 ? (
          <button type="button" class="quiet" onClick={resetClock}>
            {t('svc.clockReset')}
          </button>
        ) : null}
      </div>
      <p class="muted">{t('svc.diagnostics.lead')}</p>
      {behind > 0 ? <p class="muted">{t('svc.clockReset.lead')}</p> : null}
    </section>
  );
};
