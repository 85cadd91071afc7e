/** How licenses are activated with nobody’s help, on an agent on a bench. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { epochSeconds } from '../../../../protocol/units.ts';
import { DeskRig } from '../desk-rig.ts';
import { StoreModel } from '../store-model.ts';
import { ActivationRig, DAY, idOf, marksIn, NOW, terms } from './activation-rig.ts';

test('an emergency needs nobody, lasts as long as the license says, and is spent once', () => {
  const rig = ActivationRig.with();
  const emergency = { kind: 'license-emergency', id: idOf(1) } as const;
  const effects = rig.begin(emergency);
  const marks = marksIn(effects);
  assert.equal(marks, [{ license: idOf(1), floor: 0, emergency: epochSeconds(NOW + 5 * DAY) }]);
  assert.equal([rig.state(), rig.view().emergencyUntil], ['emergency', NOW + 5 * DAY]);
  assert.is(rig.work(), 'granted');
  assert.is(rig.desk.refused(emergency)[0], 'already-active');
  rig.pass(5 * DAY);
  assert.equal([rig.state(), rig.view().refusal], ['installed', 'activation-ended']);
  assert.is(rig.desk.refused(emergency)[0], 'emergency-spent');
  // Another data folder on the same computer, and one without its marks.
  const again = new ActivationRig(new DeskRig(new StoreModel(), 3, 5, marks));
  again.desk.license(1, terms());
  assert.is(again.desk.refused(emergency)[0], 'emergency-spent');
  assert.is(again.view().emergencyBefore, null);
});

test('an emergency is refused where the license forbids it, or not any more', () => {
  const emergency = { kind: 'license-emergency', id: idOf(1) } as const;
  assert.is(
    ActivationRig.with({ emergency: null }).desk.refused(emergency)[0],
    'emergency-forbidden',
  );
  const late = ActivationRig.with();
  late.pass(30 * DAY);
  assert.is(late.desk.refused(emergency)[0], 'emergency-late');
  const none = new ActivationRig();
  none.desk.license(1, {});
  assert.is(none.desk.refused(emergency)[0], 'needs-no-activation');
});

test('the vendor’s activation takes the place of an emergency', () => {
  const rig = ActivationRig.with();
  rig.begin({ kind: 'license-emergency', id: idOf(1) });
  rig.activate({ lasts: 40 * DAY });
  assert.is(rig.state(), 'active');
  assert.is(rig.view().activated?.by, 'vendor');
});

test.run();
