import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const writeSettings = async (site: Site, text: string): Promise<void> => {
  await mkdir(site.data, { recursive: true, mode: 0o700 });
  await writeFile(join(site.data, 'usher.conf'), text);
};

story('a flag goes over the environment, that over the file, that over the default', async () => {
  await using site = await Site.open();
  await writeSettings(site, '# our agent\nname = from-file # the front desk\r\n\n');
  const nameOf = async (env: NodeJS.ProcessEnv, ...flags: readonly string[]) => {
    const agent = site.start(['serve', ...flags], { env });
    await agent.saying(/Serving/);
    const { name } = await site.status();
    await agent.destroy();
    return name;
  };
  assert.is(await nameOf({}), 'from-file');
  assert.is(await nameOf({ USHER_NAME: '' }), 'from-file', 'an empty variable is none');
  assert.is(await nameOf({ USHER_NAME: 'from-variable' }), 'from-variable');
  assert.is(await nameOf({ USHER_NAME: 'from-variable' }, '--name', 'from-flag'), 'from-flag');
});

const wrong: readonly (readonly [string, RegExp])[] = [
  ['prot = 1', /usher\.conf, line 1, is `name = value` with one of port, .*, not "prot = 1"\./],
  ['constructor = 1', /line 1, is `name = value`/],
  ['data = /elsewhere', /line 1, is `name = value`/],
  ['\nport 24711', /line 2, is `name = value` .*, not "port 24711"\./],
  ['\n\nport = many', /line 3, port is a number from 0 to 65535, not "many"\./],
  ['port = 65536', /line 1, port is a number from 0 to 65535, not "65536"\./],
  ['interfaces = ', /line 1, interfaces is names of interfaces, not ""\./],
  ['vendor-keys = abc', /line 1, vendor-keys is vendors' public keys in base64, not "abc"\./],
];

story('an unknown name or a bad value in the file is refused with its line', async () => {
  await using site = await Site.open();
  for (const [text, sentence] of wrong) {
    await writeSettings(site, text);
    const env = { USHER_PORT: '', USHER_INTERFACES: '' };
    const { code, stdout, stderr } = await site.start(['serve'], { env }).ending();
    assert.is(code, 2, text);
    assert.is(stdout, '');
    assert.match(stderr, sentence);
    assert.is(stderr.split('\n').length, 2, 'one sentence');
  }
});

story('a bad value is refused with the flag or the variable that it stands in', async () => {
  await using site = await Site.open();
  const flag = await site.usher('serve', '--port', '-1');
  assert.is(flag.code, 2);
  const long = await site.usher('serve', '--name', 'x'.repeat(65));
  assert.is(long.code, 2);
  assert.match(long.stderr, /--name is a name of 1 to 64 characters, not "x+"\./);
  const port = await site.usher('discover', '--port=99999');
  assert.is(port.code, 2);
  assert.match(port.stderr, /--port is a number from 0 to 65535, not "99999"\./);
  const variable = await site.start(['status'], { env: { USHER_PORT: 'abc' } }).ending();
  assert.is(variable.code, 2);
  assert.match(variable.stderr, /USHER_PORT is a number from 0 to 65535, not "abc"\./);
});

tellStories();
