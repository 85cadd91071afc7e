export type Verdict = 'physical' | 'virtual' | 'container' | 'unknown';
export interface Evidence {
  readonly id: string;
  readonly weight: number;
  readonly value: string;
}
export interface HostVerdict {
  readonly verdict: Verdict;
  readonly score: number;
  readonly evidence: readonly Evidence[];
  readonly host: 'physical' | 'virtual' | 'unknown';
}
