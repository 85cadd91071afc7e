/** The master's page: who is signed in, the vendor's people or a customer, and what they see. */

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Frame, type PageLink } from '../parts/frame.tsx';
import { applyTheme } from '../parts/theme.ts';
import { Toasts } from '../parts/toast.tsx';
import { currentLanguage, setLanguage, setTexts, t } from '../text.ts';
import { allStale, forgetViews } from '../views.ts';
import { useAddress } from './address.ts';
import {
  currentVisitor,
  signOut,
  useMaster,
  type Visitor,
  whenReached,
  whenSignedOut,
} from './master-api.ts';
import { AccountPage } from './pages/account.tsx';
import { ActivatePage } from './pages/activate.tsx';
import { ActivationsPage } from './pages/activations.tsx';
import { AuditPage } from './pages/audit.tsx';
import { CustomerPage } from './pages/customer.tsx';
import { CustomersPage } from './pages/customers.tsx';
import { Door } from './pages/door.tsx';
import { DownloadsPage } from './pages/downloads.tsx';
import { LicensePage } from './pages/license.tsx';
import { LicensesPage } from './pages/licenses.tsx';
import { MyLicensesPage } from './pages/my-licenses.tsx';
import { NewLicensePage } from './pages/new-license.tsx';
import { RequestsPage } from './pages/requests.tsx';
import { ClockDoubt } from './parts/clock-doubt.tsx';
import { masterDe } from './texts/master-de.ts';
import { masterEn } from './texts/master-en.ts';

/** Milliseconds after which what is shown is asked for again. */
const FRESH_MS = 10_000;

interface Page {
  /** As it is looked for. */
  readonly draw: (id: string) => preact.JSX.Element;
  /** The page of the navigation that it belongs to, where it is none of its own. */
  readonly under?: string;
}

const STAFF_PAGES: Readonly<Record<string, Page>> = {
  licenses: { draw: () => <LicensesPage /> },
  license: { draw: (id) => <LicensePage key={id} id={id} isClerk />, under: 'licenses' },
  new: { draw: (id) => <NewLicensePage key={id} preset={id} /> },
  customers: { draw: () => <CustomersPage /> },
  customer: { draw: (id) => <CustomerPage key={id} id={id} />, under: 'customers' },
  activations: { draw: () => <ActivationsPage /> },
  requests: { draw: () => <RequestsPage /> },
  answer: { draw: () => <ActivatePage isClerk /> },
  audit: { draw: () => <AuditPage /> },
  account: { draw: () => <AccountPage /> },
};

const CUSTOMER_PAGES: Readonly<Record<string, Page>> = {
  licenses: { draw: () => <MyLicensesPage /> },
  license: { draw: (id) => <LicensePage key={id} id={id} isClerk={false} />, under: 'licenses' },
  activate: { draw: () => <ActivatePage isClerk={false} /> },
  downloads: { draw: () => <DownloadsPage /> },
  account: { draw: () => <AccountPage /> },
};

const Master = () => {
  const [visitor, setVisitor] = useState<Visitor | null | undefined>(undefined);
  const [, redraw] = useState(0);
  useEffect(() => {
    whenSignedOut(() => setVisitor(null));
    void entered.then((found) => setVisitor(found ?? null));
  }, []);
  const redrawAll = (): void => redraw((n) => n + 1);
  const enter = (found: Visitor): void => {
    forgetViews();
    setVisitor(found);
  };
  return (
    <>
      {visitor === undefined ? <main class="door" aria-busy="true" /> : null}
      {visitor === null ? <Door onEnter={enter} /> : null}
      {visitor ? <Desk key={currentLanguage()} {...{ visitor, redrawAll }} /> : null}
      <Toasts />
    </>
  );
};

interface DeskProps {
  readonly visitor: Visitor;
  readonly redrawAll: () => void;
}

const Desk = ({ visitor, redrawAll }: DeskProps) =>
  visitor.customer === null ? (
    <ClerksDesk {...{ visitor, redrawAll }} />
  ) : (
    <Pages
      table={CUSTOMER_PAGES}
      who={t('me.who', { name: visitor.name, customer: visitor.customerName ?? '' })}
      waiting={0}
      {...{ redrawAll }}
    />
  );

const ClerksDesk = ({ visitor, redrawAll }: DeskProps) => {
  const waiting = useMaster('status', { kind: 'status' })?.open ?? 0;
  const who = t('me.clerk', { name: visitor.name });
  return <Pages table={STAFF_PAGES} isClerk {...{ who, waiting, redrawAll }} />;
};

interface PagesProps {
  readonly table: Readonly<Record<string, Page>>;
  readonly who: string;
  readonly waiting: number;
  readonly isClerk?: boolean;
  readonly redrawAll: () => void;
}

const Pages = ({ table, who, waiting, isClerk = false, redrawAll }: PagesProps) => {
  const { page: asked, id } = useAddress();
  const [isReachable, setReachable] = useState(true);
  const name = Object.hasOwn(table, asked) ? asked : 'licenses';
  const page = table[name];
  const shown = page?.under ?? name;
  useEffect(() => whenReached(setReachable), []);
  useFresh();
  const pages: readonly PageLink[] = Object.entries(table)
    .filter(([, { under }]) => under === undefined)
    .map(([one]) => ({
      name: one,
      title: t(`nav.${isClerk ? 'clerk' : 'mine'}.${one}` as 'nav.clerk.new'),
      waiting: one === 'requests' ? waiting : 0,
    }));
  const title = pages.find((one) => one.name === shown)?.title ?? '';
  useEffect(() => {
    document.title = `${title} – Usher`;
  }, [title]);
  return (
    <Frame page={shown} onLeave={signOut} {...{ pages, who, isReachable, redrawAll }}>
      {isClerk ? <ClockDoubt /> : null}
      {page?.draw(id)}
    </Frame>
  );
};

/** Others work here as well: what is shown is asked for again, while somebody looks. */
const useFresh = (): void => {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') allStale();
    };
    const timer = setInterval(look, FRESH_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
};

setTexts({ en: masterEn, de: masterDe });
applyTheme();
setLanguage(currentLanguage());
const entered = currentVisitor();
const root = document.getElementById('console');
if (root !== null) render(<Master />, root);
