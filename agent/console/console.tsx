/** The console's page: who is signed in, and which page is shown. */

import { render } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { SessionView } from '../admin/web/service-view.ts';
import type { LicenseView } from '../core/operations.ts';
import { currentSession, signIn, signOut, whenSignedOut } from './api.ts';
import { listen } from './live.ts';
import { PAGE_NAMES, type PageName, pageOfAddress } from './page-names.ts';
import { ChildrenPage } from './pages/children.tsx';
import { FirstLicense } from './pages/first-license.tsx';
import { LicensesPage } from './pages/licenses.tsx';
import { LogPage } from './pages/log.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { ResourcesPage } from './pages/resources.tsx';
import { RulesPage } from './pages/rules.tsx';
import { SeatsPage } from './pages/seats.tsx';
import { ServicePage } from './pages/service.tsx';
import { Door } from './pages/sign-in.tsx';
import { UsagePage } from './pages/usage.tsx';
import { UsersPage } from './pages/users.tsx';
import { Frame } from './parts/frame.tsx';
import { SessionContext } from './parts/session.ts';
import { applyTheme } from './parts/theme.ts';
import { Toasts } from './parts/toast.tsx';
import { currentLanguage, say, setLanguage, setTexts, t } from './text.ts';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import { allStale, forgetViews, useOperation } from './views.ts';

const PAGES: Readonly<Record<PageName, () => preact.JSX.Element>> = {
  overview: OverviewPage,
  seats: SeatsPage,
  licenses: LicensesPage,
  usage: UsagePage,
  users: UsersPage,
  resources: ResourcesPage,
  rules: RulesPage,
  children: ChildrenPage,
  log: LogPage,
  service: ServicePage,
};

/** The code of a one-time link stands behind `#`, where no server sees it, and leaves the address at once. */
const takeCode = (): string | undefined => {
  const [, code] = /^#code=([\w-]+)$/.exec(location.hash) ?? [];
  if (code !== undefined) history.replaceState(null, '', '/');
  return code;
};

const enter = async (code: string | undefined): Promise<SessionView | undefined> => {
  if (code === undefined) return currentSession();
  return signIn({ code }).catch(() => currentSession());
};

const code = takeCode();
const entered = enter(code);

const Console = () => {
  const [session, setSession] = useState<SessionView | null | undefined>(undefined);
  const [, redraw] = useState(0);
  useEffect(() => {
    whenSignedOut(() => setSession(null));
    void entered.then((found) => setSession(found ?? null));
  }, []);
  const redrawAll = (): void => redraw((n) => n + 1);
  return (
    <>
      {session === undefined ? <main class="door" aria-busy="true" /> : null}
      {session === null ? (
        <Door
          wasLink={code !== undefined}
          onEnter={(found) => {
            forgetViews();
            setSession(found);
          }}
        />
      ) : null}
      {session ? (
        <SessionContext.Provider value={session}>
          <Desk key={currentLanguage()} redrawAll={redrawAll} />
        </SessionContext.Provider>
      ) : null}
      <Toasts />
    </>
  );
};

const Desk = ({ redrawAll }: { readonly redrawAll: () => void }) => {
  const [page, setPage] = useState(pageOfAddress());
  const [isReachable, setReachable] = useState(true);
  const { name, role } = useContext(SessionContext);
  const licenses = useOperation({ kind: 'license-list' })?.licenses;
  useEffect(() => {
    const look = (): void => setPage(pageOfAddress());
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  useEffect(() => listen({ changed: allStale, reachable: setReachable }), []);
  const landing = useRef<PageName | undefined>(undefined);
  // Nobody has chosen a page yet: where a product has ended, it is the licenses that matter, and stay.
  if (licenses !== undefined && licenses.length > 0) {
    landing.current ??= hasEnded(licenses) ? 'licenses' : 'overview';
  }
  const shown = page ?? landing.current ?? 'overview';
  useEffect(() => {
    document.title = licenses?.length === 0 ? 'Usher' : `${t(`nav.${shown}`)} – Usher`;
  }, [shown, licenses?.length]);
  if (licenses === undefined) return <main class="door" aria-busy="true" />;
  if (licenses.length === 0) return <FirstLicense />;
  const mayHaveChildren = licenses.some((one) => one.children !== null);
  const pages = PAGE_NAMES.filter(
    (one) => one === shown || one !== 'children' || mayHaveChildren,
  ).map((name) => ({ name, title: t(`nav.${name}`) }));
  const Page = PAGES[shown];
  return (
    <Frame
      page={shown}
      who={t('app.signedIn', { name: name.replace(/ \(uid \d+\)/, ''), role: say('role', role) })}
      onLeave={signOut}
      {...{ pages, isReachable, redrawAll }}
    >
      <Page />
    </Frame>
  );
};

/** Whether a license has ended, or lends nothing, in whose place no other of its product lends. */
const hasEnded = (licenses: readonly LicenseView[]): boolean => {
  const lending = new Set(licenses.flatMap((one) => (one.refusal === null ? [one.product] : [])));
  return (
    lending.size === 0 ||
    licenses.some(({ state, product }) => state === 'expired' && !lending.has(product))
  );
};

setTexts({ en, de });
applyTheme();
setLanguage(currentLanguage());
const root = document.getElementById('console');
if (root !== null) render(<Console />, root);
