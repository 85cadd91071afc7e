/**
 * The readers of Windows' facts in the packaged binary, under Wine: the registry through `reg`, the
 * firmware's tables through koffi, which the binary places and loads. Run by .ci/run.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseHostFacts } from '../../agent/core/host/host-facts.ts';
import { openWine, openWineFor } from './windows-program.ts';

const testWith = (root: string): void => {
  test('registry and firmware tables are read, judged, and name no unit', () => {
    using wine = openWine(root);
    const recorded = wine.run('usher.exe', 'hardware', '--record');
    assert.is(recorded.status, 0, recorded.err);
    const parsed = parseHostFacts(JSON.parse(recorded.out));
    assert.ok(parsed.ok, recorded.out);
    if (!parsed.ok) return;
    const facts = parsed.value;
    assert.is(facts.platform, 'win32');
    assert.ok((facts.cpu?.vendor ?? '') !== '', 'the registry was read');
    assert.ok((facts.smbios_types ?? []).includes(1), 'the firmware’s table was read');
    assert.not.match(recorded.out, /serial|uuid/i);

    const judged = wine.run('usher.exe', 'hardware', '--json');
    assert.is(judged.status, 0, judged.err);
    const { verdict } = JSON.parse(judged.out) as { readonly verdict: string };
    assert.ok(['physical', 'virtual', 'unknown'].includes(verdict), judged.out);
  });
};

const root = openWineFor();
if (root !== undefined) testWith(root);

test.run();
