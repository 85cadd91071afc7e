/** Finds what an administrator names, and says why nothing comes of what was asked. */

import { foldCase } from '../../../protocol/fold-case.ts';
import { PROOF_FAULTS } from '../../../protocol/proof.ts';
import { err, ok, type Result } from '../../../protocol/result.ts';
import { noMatch } from '../no-match.ts';
import { type Outcome, refuseOperation } from '../operations.ts';
import type { ChildLedger } from './child-ledger.ts';
import type { MakingFault } from './child-maker.ts';
import type { ChildOperation } from './child-operations.ts';
import type { ChildRecord } from './child-record.ts';

/** The child license of this id or account, or the one whose id begins so. */
export const findChild = (children: ChildLedger, id: string): Result<ChildRecord, Outcome> => {
  const all = [...children.all()];
  const named = all.filter(
    ({ terms, state }) => state !== 'removed' && foldCase(terms.account) === foldCase(id),
  );
  const fits = named.length > 0 ? named : all.filter((one) => one.id.startsWith(id));
  const [first] = fits;
  return first === undefined || fits.length > 1
    ? err(noMatch('child license', id, fits.length))
    : ok(first);
};

/** A child license that was removed is not changed any more. */
export const refuseRemoved = (): Outcome =>
  refuseOperation('child-removed', 'The child license was removed: create another one.');

/** What promises seats to a child, which the site of its parent could not count. */
const PROMISES: readonly ChildOperation['kind'][] = [
  'child-create',
  'child-update',
  'child-resume',
];

/** Refuses what a member of a site cannot do yet. */
export const refuseInSite = ({ kind }: ChildOperation): Outcome | undefined =>
  PROMISES.includes(kind)
    ? refuseOperation(
        'site-child',
        'Several agents as one site cannot have child licenses yet: make them on an agent that is a site by itself.',
      )
    : undefined;

/** Why no document can be made, for the child: what follows a colon. */
export const makingWords = (fault: MakingFault): string => {
  switch (fault) {
    case 'no-license':
      return 'its license is not there any more';
    case 'too-long':
      return 'its text would be too long';
    case 'too-many':
      return 'too many changes were not heard of';
    default:
      return PROOF_FAULTS[fault];
  }
};

/** Why no document of it can be made. */
export const refuseMaking = (fault: MakingFault): Outcome => {
  switch (fault) {
    case 'no-license':
      return refuseOperation('no-license', 'The license of the parent is not here any more.');
    case 'too-long':
      return refuseOperation(
        'child-terms',
        'The child license would be too long: name fewer stages.',
      );
    case 'too-many':
      return refuseOperation(
        'too-many',
        'The child has not heard of many changes yet: wait until it calls.',
      );
    case 'not-activated':
      return refuseOperation(
        'parent-inactive',
        'The license is not activated here, so nothing of it can be passed on. Activate it first: `usher license activate`.',
      );
    default:
      return refuseOperation(
        'parent-inactive',
        `The license here cannot be passed on: ${PROOF_FAULTS[fault]}.`,
      );
  }
};
