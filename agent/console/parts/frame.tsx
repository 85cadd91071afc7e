/** What stands around every page: where one can go, who is signed in, how it looks. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { currentLanguage, LANGUAGES, type Language, number, setLanguage, t } from '../text.ts';
import { applyTheme, currentTheme, THEMES, type Theme } from './theme.ts';

export interface PageLink {
  /** In the address, behind `#/`. */
  readonly name: string;
  readonly title: string;
  /** How many things wait there; zero for none. */
  readonly waiting?: number;
}

interface FrameProps {
  /** The one that is shown. */
  readonly page: string;
  readonly pages: readonly PageLink[];
  /** Who is signed in. */
  readonly who: string;
  readonly onLeave: () => Promise<void>;
  readonly isReachable: boolean;
  readonly redrawAll: () => void;
  readonly children: ComponentChildren;
}

export const Frame = (props: FrameProps) => {
  const { page, pages, isReachable, children } = props;
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
            {pages.map(({ name, title, waiting = 0 }) => (
              <a key={name} href={`#/${name}`} aria-current={name === page ? 'page' : undefined}>
                {title}
                {waiting === 0 ? null : <span class="badge warn">{number(waiting)}</span>}
              </a>
            ))}
          </nav>
          <Corner {...props} />
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

const Corner = ({ who, onLeave, redrawAll }: FrameProps) => {
  const leave = async (): Promise<void> => {
    await onLeave();
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
      <p>{who}</p>
      <button type="button" class="link" onClick={leave}>
        {t('app.signOut')}
      </button>
    </div>
  );
};
