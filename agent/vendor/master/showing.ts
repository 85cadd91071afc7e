/** What a master shows of its licenses, to each caller what is its own. */

import { unreachable } from '../../../protocol/result.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { LicenseFinder } from './license-finder.ts';
import {
  type Caller,
  type MasterOperation,
  type MasterOutcome,
  refused,
} from './master-operations.ts';

type ShowOperation = Extract<
  MasterOperation,
  {
    kind: 'license-list' | 'license-show' | 'license-export' | 'activation-list' | 'request-list';
  }
>;

export const show = (
  finder: LicenseFinder,
  asked: ShowOperation,
  caller: Caller,
  now: EpochSeconds,
): MasterOutcome => {
  switch (asked.kind) {
    case 'license-list': {
      const { rows, total } = finder.find(asked, asked.page, caller, now);
      return { kind: 'licenses', licenses: rows.map((one) => finder.summary(one, now)), total };
    }
    case 'license-export':
      return { kind: 'text', text: finder.export(asked, caller, now) };
    case 'license-show': {
      const issued = finder.one(asked.license, caller);
      if (issued === undefined) return refused('unknown', 'There is no such license.');
      return finder.whole(issued, caller, now);
    }
    case 'activation-list': {
      const search = { license: asked.license, text: asked.text ?? '' };
      const { rows, total } = finder.activations(search, asked.page, caller, now);
      return { kind: 'activations', activations: rows, total };
    }
    case 'request-list': {
      const { rows, total } = finder.petitions(asked.decision, asked.page);
      return { kind: 'requests', requests: rows, total };
    }
    default:
      return unreachable(asked);
  }
};
