/** What is fuzzed: one parser of what comes from outside, and what must hold of it. */

export interface Target {
  readonly name: string;
  /** How inputs are changed: as bytes, as MessagePack values, or as text. */
  readonly shape: 'bytes' | 'msgpack' | 'text';
  /** Longest input, in bytes. */
  readonly most: number;
  /** Inputs to begin with: what is in order, and what nearly is. */
  readonly seeds: () => readonly Uint8Array[];
  /** Words that inputs are made of. */
  readonly words?: readonly string[];
  /** Reads an input; throws when a promise is broken. */
  readonly run: (bytes: Uint8Array) => void;
}

/** A promise that an input broke. */
export const promise = (kept: boolean, sentence: string): void => {
  if (!kept) throw new Error(`broken promise: ${sentence}`);
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const toBytes = (text: string): Uint8Array => encoder.encode(text);
export const toText = (bytes: Uint8Array): string => decoder.decode(bytes);
