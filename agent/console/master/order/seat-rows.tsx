/** Seats by class, and from when to when there are others. */

import { t } from '../../text.ts';
import { emptyPool, emptyStage, type OrderDraft } from './order-draft.ts';
import type { OrderFault } from './order-fault.ts';

type Seats = Pick<OrderDraft, 'pools' | 'stages'>;

interface SeatRowsProps {
  readonly seats: Seats;
  readonly change: (change: Partial<Seats>) => void;
  readonly fault: OrderFault | undefined;
}

/** Others with the change in the place of the row at `i`; without it, that row is left out. */
const withRow = <T,>(rows: readonly T[], i: number, row: T | undefined): readonly T[] =>
  row === undefined ? rows.toSpliced(i, 1) : rows.with(i, row);

interface CellProps {
  readonly label: string;
  readonly type?: 'text' | 'number' | 'date';
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

const Cell = ({ label, type = 'text', value, placeholder, onChange }: CellProps) => (
  <label>
    {label}
    <input
      type={type as 'text'}
      {...{ value, placeholder }}
      {...(type === 'number' ? { min: 0, inputMode: 'numeric' as const } : {})}
      spellcheck={false}
      autocomplete="off"
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  </label>
);

const Drop = ({ label, onDrop }: { readonly label: string; readonly onDrop: () => void }) => (
  <button type="button" class="quiet drop" aria-label={label} title={label} onClick={onDrop}>
    ×
  </button>
);

const WORDS = ['seats', 'class', 'overdraft', 'stage'];

export const SeatRows = ({ seats, change, fault }: SeatRowsProps) => (
  <>
    <Pools {...{ seats, change, fault }} />
    <Stages {...{ seats, change, fault }} />
    {WORDS.includes(fault?.word ?? '') ? (
      <p class="fault" role="alert">
        {fault?.sentence}
      </p>
    ) : null}
    <div class="actions start">
      <button
        type="button"
        class="quiet"
        onClick={() => change({ pools: [...seats.pools, emptyPool] })}
      >
        {t('order.addClass')}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => change({ stages: [...seats.stages, emptyStage] })}
      >
        {t('order.addStage')}
      </button>
    </div>
  </>
);

const Pools = ({ seats, change }: SeatRowsProps) => (
  <>
    {seats.pools.map((pool, i) => {
      const set = (more: Partial<typeof pool>): void =>
        change({ pools: withRow(seats.pools, i, { ...pool, ...more }) });
      return (
        <fieldset key={i} class="seat-row" aria-label={t('order.pool', { n: i + 1 })}>
          <Cell
            label={t('lic.seats')}
            type="number"
            value={pool.seats}
            onChange={(one) => set({ seats: one })}
          />
          <Cell
            label={t('order.class')}
            value={pool.class}
            placeholder={t('order.anyClass')}
            onChange={(one) => set({ class: one })}
          />
          <Cell
            label={t('order.overdraft')}
            type="number"
            value={pool.overdraft}
            placeholder="0"
            onChange={(one) => set({ overdraft: one })}
          />
          {seats.pools.length < 2 ? null : (
            <Drop
              label={t('order.dropClass', { n: i + 1 })}
              onDrop={() => change({ pools: withRow(seats.pools, i, undefined) })}
            />
          )}
        </fieldset>
      );
    })}
  </>
);

const Stages = ({ seats, change }: SeatRowsProps) => (
  <>
    {seats.stages.map((stage, i) => {
      const set = (more: Partial<typeof stage>): void =>
        change({ stages: withRow(seats.stages, i, { ...stage, ...more }) });
      return (
        <fieldset key={i} class="seat-row stage" aria-label={t('order.stageOf', { n: i + 1 })}>
          <Cell
            label={t('order.from')}
            type="date"
            value={stage.from}
            onChange={(one) => set({ from: one })}
          />
          <Cell
            label={t('order.until')}
            type="date"
            value={stage.until}
            onChange={(one) => set({ until: one })}
          />
          <Cell
            label={t('order.thenSeats')}
            type="number"
            value={stage.seats}
            onChange={(one) => set({ seats: one })}
          />
          {seats.pools.length < 2 ? null : (
            <Cell
              label={t('order.class')}
              value={stage.class}
              onChange={(one) => set({ class: one })}
            />
          )}
          <Drop
            label={t('order.dropStage', { n: i + 1 })}
            onDrop={() => change({ stages: withRow(seats.stages, i, undefined) })}
          />
        </fieldset>
      );
    })}
  </>
);
