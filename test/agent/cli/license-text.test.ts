import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderLicenses } from '../../../agent/cli/license-text.ts';
import { LICENSE } from '../../../scripts/vectors/fixed.ts';
import { plainLicenseView } from '../../plain-license.ts';

test('a list of licenses goes without the customer where the terminal is too narrow for it', () => {
  const customer = 'Bauhaus Ltd, the one in Weimar';
  const one = { ...plainLicenseView(LICENSE), customer, product: 'acme-cad', meters: [] };
  const narrow = renderLicenses([{ ...one, pools: one.pools.slice(0, 1) }], 80);
  assert.not.match(narrow, /Weimar/);
  assert.match(narrow, /^ID +PRODUCT +STATE +SEATS IN USE +EXPIRES$/m);
  assert.match(renderLicenses([one], Number.POSITIVE_INFINITY), /Weimar/);
});

test.run();
