/** What stands around every page: where one can go, who is signed in, how it looks. */

import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { signOut } from '../api.ts';
import { currentLanguage, LANGUAGES, type Language, say, setLanguage, t } from '../text.ts';
import { SessionContext } from './session.ts';
import { applyTheme, currentTheme, THEMES, type Theme } from './theme.ts';

export const PAGE_NAMES = [
  'overview',
  'seats',
  'licenses',
  'usage',
  'users',
  'resources',
  'rules',
  'children',
  'log',
  'service',
] as const;
export type PageName = (typeof PAGE_NAMES)[number];

/** The page that the address names, if it names one. */
export const pageOfAddress = (): PageName | undefined =>
  PAGE_NAMES.find((name) => location.hash === `#/${name}`);

interface FrameProps {
  readonly page: PageName;
  /** Pages that there is no reason to show. */
  readonly without: readonly PageName[];
  readonly isReachable: boolean;
  readonly redrawAll: () => void;
  readonly children: ComponentChildren;
}

export const Frame = ({ page, without, isReachable, redrawAll, children }: FrameProps) => {
  const [isOpen, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const before = useRef(page);
  useEffect(() => {
    setOpen(false);
    // Who uses a screen reader hears of the new page; not when the first one comes.
    if (before.current !== page) main.current?.focus();
    before.current = page;
  }, [page]);
  return (
    <div class="frame">
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {t('nav.skip')}
      </button>
      <header class={isOpen ? 'open' : ''}>
        <div class="brand">
          <img src="/icon.svg" alt="" width="26" height="26" />
          <span>Usher</span>
          <button
            type="button"
            class="menu quiet"
            aria-expanded={isOpen}
            aria-controls="navigation"
            onClick={() => setOpen(!isOpen)}
          >
            {t('nav.menu')}
          </button>
        </div>
        <div id="navigation">
          <nav aria-label={t('nav.pages')}>
            {PAGE_NAMES.filter((name) => name === page || !without.includes(name)).map((name) => (
              <a key={name} href={`#/${name}`} aria-current={name === page ? 'page' : undefined}>
                {t(`nav.${name}`)}
              </a>
            ))}
          </nav>
          <Corner redrawAll={redrawAll} />
        </div>
      </header>
      <main ref={main} id="content" tabIndex={-1}>
        {isReachable ? null : (
          <p class="away" role="alert">
            {t('app.away')}
          </p>
        )}
        {children}
      </main>
    </div>
  );
};

const Corner = ({ redrawAll }: Pick<FrameProps, 'redrawAll'>) => {
  const { name, role } = useContext(SessionContext);
  const leave = async (): Promise<void> => {
    await signOut();
    location.assign('/');
    location.reload();
  };
  return (
    <div class="corner">
      <select
        aria-label={t('app.theme')}
        value={currentTheme()}
        onChange={(event) => applyTheme(event.currentTarget.value as Theme)}
      >
        {THEMES.map((theme) => (
          <option key={theme} value={theme}>
            {t(`app.theme.${theme}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={t('app.language')}
        value={currentLanguage()}
        onChange={(event) => {
          setLanguage(event.currentTarget.value as Language);
          redrawAll();
        }}
      >
        {Object.entries(LANGUAGES).map(([code, title]) => (
          <option key={code} value={code}>
            {title}
          </option>
        ))}
      </select>
      <p>
        {t('app.signedIn', { name: name.replace(/ \(uid \d+\)/, ''), role: say('role', role) })}
      </p>
      <button type="button" class="link" onClick={leave}>
        {t('app.signOut')}
      </button>
    </div>
  );
};
