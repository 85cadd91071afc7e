/** A list of which the master tells one page at a time, with what it is searched by. */

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { number, t } from '../text.ts';

/** Rows of a page. */
export const ROWS = 50;

/** What somebody types, once they have paused; and from which row the page begins. */
export const useSearch = (): Search => {
  const [text, setText] = useState('');
  const [settled, setSettled] = useState('');
  const [from, setFrom] = useState(0);
  useEffect(() => {
    // Nobody has typed: who turns the page at once stays there.
    if (text === settled) return;
    const timer = setTimeout(() => {
      setSettled(text);
      setFrom(0);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, settled]);
  return { text, setText, settled: settled.trim(), from, setFrom };
};

const PAUSE_MS = 200;

interface Search {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly settled: string;
  readonly from: number;
  readonly setFrom: (from: number) => void;
}

interface ToolsProps {
  readonly search: Search;
  readonly hint: string;
  readonly children?: ComponentChildren;
}

export const SearchTools = ({ search, hint, children }: ToolsProps) => (
  <div class="tools">
    <input
      type="search"
      aria-label={t('do.search')}
      placeholder={hint}
      maxLength={100}
      value={search.text}
      onInput={(event) => search.setText(event.currentTarget.value)}
    />
    {children}
  </div>
);

interface PagedProps<Row> {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  /** `undefined` before the first answer. */
  readonly rows: readonly Row[] | undefined;
  readonly total: number;
  readonly rowId: (row: Row) => string;
  readonly empty: string;
  readonly isProse?: boolean;
  readonly search: Pick<Search, 'from' | 'setFrom'>;
}

export const PagedTable = <Row,>({ rows, total, search, ...table }: PagedProps<Row>) => {
  const { from, setFrom } = search;
  if (rows === undefined) return <p class="empty">{t('app.loading')}</p>;
  return (
    <>
      <DataTable rows={rows} {...table} />
      {total <= ROWS ? null : (
        <nav class="pager" aria-label={t('list.pages')}>
          <button
            type="button"
            class="quiet"
            disabled={from === 0}
            onClick={() => setFrom(Math.max(0, from - ROWS))}
          >
            {t('list.newer')}
          </button>
          <span class="muted">
            {t('list.shown', {
              from: number(from + 1),
              to: number(Math.min(total, from + rows.length)),
              all: number(total),
            })}
          </span>
          <button
            type="button"
            class="quiet"
            disabled={from + ROWS >= total}
            onClick={() => setFrom(from + ROWS)}
          >
            {t('list.older')}
          </button>
        </nav>
      )}
    </>
  );
};
