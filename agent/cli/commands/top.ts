import { setTimeout as wait } from 'node:timers/promises';
import { timerMs } from '../../../protocol/node/clock.ts';
import { CaughtSignals } from '../../edges/child-command.ts';
import { LiveScreen } from '../../edges/live-screen.ts';
import { UsherError } from '../../usher-error.ts';
import { askRunningAgent } from '../agent-command.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { renderTop, type TopView } from '../top-frame.ts';

const EVERY_MS = 1000;
/** A large answer is not asked for all the time. */
const REST = 5;
const USUAL_COLUMNS = 80;

export const top: Command = {
  name: 'top',
  summary: 'Show what is in use as it changes, until q is pressed',
  positionals: [],
  flags: { once: { kind: 'switch', summary: 'show it once; so it is where nobody watches' } },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const first = draw(await look(invocation), invocation);
    if (args.has('once') || !Number.isFinite(terminal.rows)) {
      terminal.out(first);
      return EXIT.done;
    }
    await watch(invocation, first);
    return EXIT.done;
  },
};

const look = async (invocation: Invocation): Promise<TopView> => {
  const [{ status }, { licenses }, { seats }, { waiters }] = await Promise.all([
    askRunningAgent(invocation, { kind: 'status' }),
    askRunningAgent(invocation, { kind: 'license-list' }),
    askRunningAgent(invocation, { kind: 'seat-list' }),
    askRunningAgent(invocation, { kind: 'seat-queue' }),
  ]);
  return { status, licenses, seats, waiters };
};

const draw = (view: TopView, { terminal }: Invocation): string => {
  const { rows, isColored } = terminal;
  const isSeen = Number.isFinite(rows) && !Number.isFinite(terminal.columns);
  // Of no width that is known: a line that breaks would push others out of the picture.
  const columns = isSeen ? USUAL_COLUMNS : terminal.columns;
  return renderTop(view, { columns, rows, isColored, now: Math.floor(Date.now() / 1000) });
};

const watch = async (invocation: Invocation, first: string): Promise<void> => {
  using screen = new LiveScreen();
  using signals = new CaughtSignals();
  signals.handTo(() => screen.end());
  let page = first;
  let took = 0;
  while (!screen.signal.aborted) {
    screen.show(page);
    const rest = Math.max(EVERY_MS, took * REST);
    await wait(rest, undefined, { signal: screen.signal }).catch(() => {});
    const began = timerMs();
    page = await look(invocation).then(
      (view) => draw(view, invocation),
      (error: unknown) => {
        if (error instanceof UsherError) return `${error.message}\nq ends this.\n`;
        throw error;
      },
    );
    took = timerMs() - began;
  }
};
