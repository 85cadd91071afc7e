/** A terminal that shows one page, again and again, until a key ends it. */

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const ENDING_KEYS = ['q', 'Q', '\x03', '\x04', '\x1b'];

export class LiveScreen implements Disposable {
  readonly #ending = new AbortController();
  readonly #hear = (keys: Buffer): void => {
    if (ENDING_KEYS.includes(keys.toString())) this.#ending.abort();
  };

  constructor() {
    const { stdin, stdout } = process;
    stdout.write(ENTER);
    if (!stdin.isTTY) return;
    stdin.setRawMode(true);
    stdin.on('data', this.#hear).resume();
  }

  /** Aborted when somebody wants no more of it. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  end(): void {
    this.#ending.abort();
  }

  /** Shows these lines in place of what was shown, without flicker. */
  show(text: string): void {
    process.stdout.write(`\x1b[H${text.trimEnd().replaceAll('\n', '\x1b[K\n')}\x1b[K\x1b[J`);
  }

  [Symbol.dispose](): void {
    const { stdin, stdout } = process;
    stdout.write(LEAVE);
    if (!stdin.isTTY) return;
    stdin.off('data', this.#hear).pause();
    stdin.setRawMode(false);
  }
}
