/** Tells clients which resources have licenses, and how many seats: the licensed ones only. */

import { RESOURCES_IN_REPLY_MAX, SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import type { ResourceSeats } from '../../../protocol/replies.ts';
import type { Request } from '../../../protocol/requests.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';
import type { Hearing, Speaker } from '../sessions/speaker.ts';
import type { ResourceRegister } from './resource-register.ts';

export interface ResourceListingParts {
  readonly shelf: LicenseShelf;
  readonly judge: LicenseJudge;
  readonly resources: ResourceRegister;
  readonly speaker: Speaker;
}

/** Bytes of one reply that names may take: three for each UTF-16 unit, and the numbers beside. */
const NAMES_SIZE_MAX = 960;
const NUMBERS_SIZE = 16;

export class ResourceListing {
  readonly #parts: ResourceListingParts;

  constructor(parts: ResourceListingParts) {
    this.#parts = parts;
  }

  answer(slot: number, request: Extract<Request, { kind: 'resources' }>, hearing: Hearing): void {
    const { id, product, offset } = request;
    const all = this.#licensed(product, hearing);
    const resources = firstThatFit(all.slice(offset, offset + RESOURCES_IN_REPLY_MAX));
    const reply = { kind: 'resources', id, total: all.length, offset, resources } as const;
    this.#parts.speaker.reply(slot, reply, hearing);
  }

  #licensed(product: string, { at, host }: Hearing): readonly ResourceSeats[] {
    const { shelf, judge, resources } = this.#parts;
    const seats = new Map<string, { free: number; total: number }>();
    for (const shelved of shelf.ofProduct(product)) {
      const resource = resources.resourceOf(shelved.license.id);
      const lends = judge.standing(shelved, at.wall, host).refusal === undefined;
      if (resource === undefined || !lends) continue;
      const sum = seats.get(resource.name) ?? { free: 0, total: 0 };
      for (const pool of shelved.pools) {
        sum.free = Math.min(SEATS_UNLIMITED, sum.free + pool.free);
        sum.total = Math.min(SEATS_UNLIMITED, sum.total + pool.licensed);
      }
      seats.set(resource.name, sum);
    }
    const byName = [...seats].sort(([left], [right]) => (left < right ? -1 : 1));
    return byName.map(([name, sum]) => ({ name, ...sum }));
  }
}

const firstThatFit = (resources: readonly ResourceSeats[]): readonly ResourceSeats[] => {
  let size = 0;
  const end = resources.findIndex(({ name }) => {
    size += 3 * name.length + NUMBERS_SIZE;
    return size > NAMES_SIZE_MAX;
  });
  return end < 0 ? resources : resources.slice(0, Math.max(1, end));
};
