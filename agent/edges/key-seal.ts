/** What an operating system offers to keep a secret useless on another computer. */

export interface KeySeal {
  /** Tells it from others for ever; at most 16 characters. */
  readonly name: string;
  /** `undefined` where it cannot. */
  readonly seal: (secret: Uint8Array) => Promise<Uint8Array | undefined>;
  /** `undefined` for what was sealed on another computer, or by somebody else. */
  readonly open: (sealed: Uint8Array) => Promise<Uint8Array | undefined>;
}
