/** A refusal's number on the wire, and its sentences (refusal.ts). */
export interface RefusalText {
  readonly number: number;
  readonly sentence: string;
  readonly administrator: string;
}
