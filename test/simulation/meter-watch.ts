/** Watches metered allowances: each draw counts once, and never more than was allowed. */

import { DRAW_PREFIX, drawKey, readDraw } from '../../agent/core/meters/meter-record.ts';
import type { LicenseView } from '../../agent/core/operations.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { Request } from '../../protocol/requests.ts';
import type { AgentHost } from './agent-host.ts';
import { METER, type PlannedLicense } from './licenses.ts';
import { tagOf } from './session-keys.ts';
import { Violation } from './world.ts';

type Draw = Extract<Request, { kind: 'draw' }>;

export class MeterWatch {
  readonly #allowances = new Map<LicenseId, number>();
  /** By draw id: what applications asked for. */
  readonly #planned = new Map<string, number>();
  /** By agent, session and request: the draw id. */
  readonly #asked = new Map<string, string>();
  /** By agent: draws that it has acknowledged. */
  readonly #acknowledged = new Map<string, Set<string>>();

  constructor(licenses: readonly PlannedLicense[]) {
    for (const { id, license } of licenses) {
      const meter = license.meters.find(({ name }) => name === METER);
      if (meter !== undefined) this.#allowances.set(id, meter.allowance);
    }
  }

  /** An application is about to draw. */
  planned(id: Uint8Array, amount: number): void {
    this.#planned.set(bytesToHex(id), amount);
  }

  asked(host: AgentHost, clientKey: Uint8Array, { id, drawId }: Draw): void {
    this.#asked.set(`${host.name} ${tagOf(clientKey)} ${id}`, bytesToHex(drawId));
  }

  /** An agent says that a draw is counted. */
  drawn(host: AgentHost, clientKey: Uint8Array, reply: Extract<Reply, { kind: 'drawn' }>): void {
    const id = this.#asked.get(`${host.name} ${tagOf(clientKey)} ${reply.id}`);
    if (id === undefined) throw new Violation('a draw is told to who asked', host.name);
    const set = this.#acknowledged.get(host.name) ?? new Set();
    this.#acknowledged.set(host.name, set.add(id));
    this.check(host);
  }

  /** Every draw that was told is on the disk, as it was asked for, and they fit their allowances. */
  check(host: AgentHost): void {
    const { durable } = host.disk;
    for (const id of this.#acknowledged.get(host.name) ?? []) {
      const value = durable.get(drawKey(id));
      const draw = value && readDraw(drawKey(id), value);
      if (draw !== undefined && draw.amount === this.#planned.get(id)) continue;
      const detail = `${host.name}: ${id} counts ${draw?.amount ?? 'nothing'}`;
      throw new Violation('a draw that was told is counted for good', detail);
    }
    for (const [license, amount] of this.#durableSums(host)) {
      const allowance = this.#allowances.get(license) ?? 0;
      if (amount <= allowance) continue;
      const detail = `${host.name}: ${amount} of ${allowance} of ${license}`;
      throw new Violation('never more is drawn than allowed', detail);
    }
  }

  #durableSums(host: AgentHost, only?: ReadonlySet<string>): ReadonlyMap<LicenseId, number> {
    const sums = new Map<LicenseId, number>();
    for (const [key, value] of host.disk.durable) {
      if (!key.startsWith(DRAW_PREFIX)) continue;
      const draw = readDraw(key, value);
      if (draw === undefined || (only !== undefined && !only.has(draw.id))) continue;
      for (const { licenseId, amount } of draw.parts) {
        sums.set(licenseId, (sums.get(licenseId) ?? 0) + amount);
      }
    }
    return sums;
  }

  /**
   * What an agent shows as used: no less than what was told, no more than what is on the disk. In
   * between are draws that were written but not told, or whose writing was said to have failed.
   */
  checkShown(host: AgentHost, licenses: readonly LicenseView[]): void {
    const least = this.#durableSums(host, this.#acknowledged.get(host.name) ?? new Set());
    const most = this.#durableSums(host);
    for (const { id, meters } of licenses) {
      for (const { used } of meters) {
        if (used >= (least.get(id) ?? 0) && used <= (most.get(id) ?? 0)) continue;
        const detail = `${host.name} shows ${used} of ${id}, ${most.get(id) ?? 0} are drawn`;
        throw new Violation('a draw counts exactly once', detail);
      }
    }
  }
}
