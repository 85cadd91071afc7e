/** What the watchers know of one agent since it started last. */

/** A request that came as a hello: only that may be answered later. */
export interface Asked {
  readonly size: number;
}

export class AgentLife {
  readonly startedAt: number;
  /** By session: the id of its last acknowledged release. */
  readonly released = new Map<string, number>();
  /** By session and id: the request, for replies that come later. */
  readonly requests = new Map<string, Asked>();
  /** By session: the highest id that was taken up. */
  readonly ids = new Map<string, number>();
  /** By session: the ticket of what is being written for it. */
  readonly writing = new Map<string, number>();
  /** Leases that the administrator has taken back. */
  readonly ended = new Set<string>();
  /** Leases that ran out: who asks for one of them again, later than its term, gets silence. */
  readonly lapsed = new Set<string>();
  /** The first half of its nonces, in hexadecimal; empty before it has spoken. */
  epoch = '';

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  /** Commits up to `ticket` are decided, one way or the other. */
  settle(ticket: number): void {
    for (const [tag, writing] of this.writing) if (writing <= ticket) this.writing.delete(tag);
  }
}
