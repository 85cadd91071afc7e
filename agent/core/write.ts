/** What is told to the store. */

/** One change to the store; `value: null` deletes. */
export interface Write {
  readonly key: string;
  readonly value: Uint8Array | null;
}
