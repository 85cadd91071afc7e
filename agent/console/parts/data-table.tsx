/** A table that stays smooth with ten thousand rows: only those in sight are made. */

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { t } from '../text.ts';
import { useNarrow } from './use-narrow.ts';

const ROW = 44;
const NARROW_ROW = 68;
const PROSE_ROW = 88;
/** Rows made beyond those in sight, so that scrolling finds them there. */
const SPARE = 8;

export interface TableColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** What it is sorted by; without it, it is not. */
  readonly sort?: (row: Row) => string | number;
  /** The column's width, as CSS grid takes it. */
  readonly width: string;
  /** On a narrow screen: the line of the row that it stands in, or `aside`; else it is left out. */
  readonly narrow?: 1 | 2 | 'aside';
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly empty: string;
  /** On a narrow screen rows are higher, and their text goes on in a second line. */
  readonly isProse?: boolean;
  /** Where rows can be selected: those that are, and what to do with another choice. */
  readonly selection?: Selection<Row> | undefined;
}

interface Selection<Row> {
  readonly ids: ReadonlySet<string>;
  readonly change: (ids: ReadonlySet<string>) => void;
  readonly name: (row: Row) => string;
}

interface Order {
  readonly column: number;
  readonly isDown: boolean;
}

export const DataTable = <Row,>(props: DataTableProps<Row>) => {
  const { label, columns, rows, rowId, empty, isProse, selection } = props;
  const [order, setOrder] = useState<Order>({ column: -1, isDown: false });
  const isNarrow = useNarrow();
  const by = columns[order.column]?.sort;
  const sorted = useMemo(() => sortRows(rows, by, order.isDown), [rows, by, order.isDown]);
  const box = useRef<HTMLDivElement>(null);
  const isEmpty = rows.length === 0;
  const [top, height] = useScroll(box, isEmpty);
  if (isEmpty) return <p class="empty">{empty}</p>;
  const tracks = [...(selection ? ['40px'] : []), ...columns.map(({ width }) => width)].join(' ');
  return (
    <div
      ref={box}
      class={`table ${isNarrow ? 'narrow' : ''} ${isProse ? 'prose' : ''}`}
      role="table"
      aria-label={label}
      aria-rowcount={sorted.length + 1}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
      tabIndex={0}
      style={{ '--tracks': tracks }}
    >
      <div role="rowgroup" class="head">
        <div role="row" aria-rowindex={1} class="row">
          {selection ? <SelectAll rows={sorted} rowId={rowId} selection={selection} /> : null}
          {columns.map((column, i) => (
            <Heading key={column.title} {...{ column, i, order, setOrder, isNarrow }} />
          ))}
        </div>
      </div>
      <Body {...props} {...{ rows: sorted, isNarrow, top, height }} />
    </div>
  );
};

/** How far the box is scrolled, and how high it is. */
const useScroll = (box: { readonly current: HTMLElement | null }, isEmpty: boolean) => {
  const [place, setPlace] = useState<readonly [top: number, height: number]>([0, 600]);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = (): void => setPlace([element.scrollTop, element.clientHeight]);
    const watch = new ResizeObserver(look);
    watch.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [isEmpty]);
  return place;
};

const sortRows = <Row,>(
  rows: readonly Row[],
  by: TableColumn<Row>['sort'],
  isDown: boolean,
): readonly Row[] => {
  if (by === undefined) return rows;
  const keyed = rows.map((row) => ({ row, key: by(row) }));
  keyed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
  const sorted = keyed.map(({ row }) => row);
  return isDown ? sorted.reverse() : sorted;
};

interface HeadingProps<Row> {
  readonly column: TableColumn<Row>;
  readonly i: number;
  readonly order: Order;
  readonly setOrder: (order: Order) => void;
  readonly isNarrow: boolean;
}

const Heading = <Row,>({ column, i, order, setOrder, isNarrow }: HeadingProps<Row>) => {
  const { title, sort, narrow } = column;
  if (isNarrow && narrow === undefined) return null;
  const isBy = order.column === i;
  const direction = isBy ? (order.isDown ? 'descending' : 'ascending') : 'none';
  return (
    <div role="columnheader" {...(sort ? { 'aria-sort': direction } : {})}>
      {sort ? (
        <button
          type="button"
          class="sort"
          onClick={() => setOrder({ column: i, isDown: isBy && !order.isDown })}
        >
          {title}
          <span aria-hidden="true">{isBy ? (order.isDown ? ' ↓' : ' ↑') : ''}</span>
        </button>
      ) : (
        title
      )}
    </div>
  );
};

const SelectAll = <Row,>({
  rows,
  rowId,
  selection,
}: Pick<DataTableProps<Row>, 'rows' | 'rowId'> & { readonly selection: Selection<Row> }) => {
  const all = rows.every((row) => selection.ids.has(rowId(row)));
  return (
    <div role="columnheader" class="pick">
      <input
        type="checkbox"
        aria-label={t('seat.selectAll')}
        checked={all}
        onChange={() => selection.change(all ? new Set() : new Set(rows.map(rowId)))}
      />
    </div>
  );
};

interface BodyProps<Row> extends DataTableProps<Row> {
  readonly isNarrow: boolean;
  readonly top: number;
  readonly height: number;
}

const Body = <Row,>(props: BodyProps<Row>) => {
  const { rows, rowId, isNarrow, isProse, top, height } = props;
  const size = isNarrow ? (isProse ? PROSE_ROW : NARROW_ROW) : ROW;
  const first = Math.max(0, Math.floor(top / size) - SPARE);
  const last = Math.min(rows.length, Math.ceil((top + height) / size) + SPARE);
  return (
    <div role="rowgroup" class="body" style={{ height: `${rows.length * size}px` }}>
      {rows.slice(first, last).map((row, i) => (
        <TableRow key={rowId(row)} {...props} row={row} index={first + i} size={size} />
      ))}
    </div>
  );
};

interface RowProps<Row> extends BodyProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly size: number;
}

const TableRow = <Row,>({
  row,
  index,
  size,
  columns,
  rowId,
  selection,
  isNarrow,
}: RowProps<Row>) => {
  const id = rowId(row);
  const isSelected = selection?.ids.has(id) ?? false;
  const toggle = (): void => {
    const ids = new Set(selection?.ids);
    if (!ids.delete(id)) ids.add(id);
    selection?.change(ids);
  };
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      class={`row ${isSelected ? 'selected' : ''}`}
      style={{ transform: `translateY(${index * size}px)`, height: `${size}px` }}
    >
      {selection ? (
        <div role="cell" class="pick">
          <input
            type="checkbox"
            aria-label={t('seat.select', { who: selection.name(row) })}
            checked={isSelected}
            onChange={toggle}
          />
        </div>
      ) : null}
      {columns.map(({ title, cell, narrow }) =>
        isNarrow && narrow === undefined ? null : (
          <div key={title} role="cell" class={isNarrow ? `line-${narrow}` : ''}>
            {cell(row)}
          </div>
        ),
      )}
    </div>
  );
};
