/** Light or dark, as the system says or the reader has chosen. */

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT_AS = 'usher-theme';

export const currentTheme = (): Theme => {
  const kept = localStorage.getItem(KEPT_AS);
  return THEMES.find((one) => one === kept) ?? 'auto';
};

export const applyTheme = (theme: Theme = currentTheme()): void => {
  localStorage.setItem(KEPT_AS, theme);
  document.documentElement.dataset['theme'] = theme;
};
