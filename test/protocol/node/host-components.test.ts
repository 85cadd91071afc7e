import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseHostCode } from '../../../protocol/host-code.ts';
import { normaliseHostValue, normaliseMac } from '../../../protocol/host-component.ts';
import { readHostCode, readHostComponents } from '../../../protocol/node/host-components.ts';

test('this computer has the same code each time, and no junk in it', async () => {
  const [first, second] = [await readHostCode(), await readHostCode()];
  assert.equal(first, second);
  assert.ok(parseHostCode(first).ok);
  for (const { kind, value } of await readHostComponents()) {
    assert.is((kind === 'mac' ? normaliseMac : normaliseHostValue)(value), value);
  }
});

test.run();
