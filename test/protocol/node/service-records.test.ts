import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readWindowsDomains, searchDomains } from '../../../protocol/node/service-records.ts';

test('the domains of a computer are those in which it looks for names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-domains-'));
  const file = join(folder, 'resolv.conf');
  try {
    const lines = ['# search no.example', 'nameserver 10.0.0.1', 'search Site.Example. lan local'];
    writeFileSync(file, [...lines, 'domain other.example', 'search bad..example a/b'].join('\n'));
    const found = await searchDomains(file);
    assert.equal(found.slice(0, 3), ['site.example', 'lan', 'other.example']);
    assert.not.ok(found.some((one) => /no|local$|bad|\//.test(one)));
    writeFileSync(
      file,
      `search ${Array.from({ length: 20 }, (_, i) => `d${i}.example`).join(' ')}`,
    );
    assert.is((await searchDomains(file)).length, 6, 'no more than are asked');
    assert.ok(Array.isArray(await searchDomains(join(folder, 'none'))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('Windows names what was set and what each network gave', () => {
  const key = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';
  const text = [
    key,
    '    SearchList    REG_SZ    site.example,other.example',
    '    Domain    REG_SZ    ',
    '',
    `${key}\\Interfaces\\{1}`,
    '    DhcpDomain    REG_SZ    office.example',
  ].join('\r\n');
  assert.equal(readWindowsDomains(text).filter(Boolean), [
    'site.example',
    'other.example',
    'office.example',
  ]);
});

test.run();
