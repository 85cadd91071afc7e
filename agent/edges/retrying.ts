/** Something that cannot be opened now and is tried for, at a bounded pace, until it can. */

export class Retrying implements AsyncDisposable {
  readonly #open: () => Promise<AsyncDisposable>;
  readonly #timer: NodeJS.Timeout;
  #trying: Promise<void> = Promise.resolve();
  #opened: AsyncDisposable | undefined;

  constructor(open: () => Promise<AsyncDisposable>, every: number) {
    this.#open = open;
    this.#timer = setInterval(() => {
      this.#trying = this.#try();
    }, every);
  }

  async #try(): Promise<void> {
    try {
      this.#opened = await this.#open();
      clearInterval(this.#timer);
    } catch {
      // Said once already, as the trouble that it comes from.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#trying;
    await this.#opened?.[Symbol.asyncDispose]();
  }
}
