import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { RulesView } from '../../agent/core/operations.ts';
import { RULES_HELP } from '../../agent/core/rules/rules-help.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const me = userInfo().username;
const rulesFile = (site: Site): string => join(site.data, 'rules.conf');

story('seats are reserved, limited and kept from somebody by command, at once', async () => {
  await using site = await Site.lending({ pools: [poolOf(2)] });
  const reserved = await site.usher('seat', 'reserve', '2', 'acme-cad', '--for', 'user boss');
  assert.is(reserved.code, 0, reserved.stderr);
  assert.is(reserved.stdout, 'In force: reserve 2 acme-cad for user boss\n');
  const kept = await site.tryToWork();
  assert.match(kept.stderr, /The seats that are left are kept for others\..*\n.*usher rules show/);

  assert.is((await site.usher('rules', 'remove', '1')).stdout, 'Line 1 is taken out.\n');
  const worker = await site.work();
  await site.usher('seat', 'limit', '1', 'acme-cad', '--for', 'each user');
  assert.match((await site.tryToWork()).stderr, /hold as many seats as the administrator allows/);
  assert.is(await goHome(worker), 0);
  assert.is((await site.tryToWork()).code, 0);

  await site.usher('seat', 'exclude', `user ${me}`, '--from', 'everything');
  assert.match((await site.tryToWork()).stderr, /does not allow this product for you/);
  const text = await readFile(rulesFile(site), 'utf8');
  assert.is(text, `limit 1 acme-cad for each user\nexclude user ${me} from everything\n`);
  const { lines } = await site.json<RulesView>('rules', 'show');
  assert.equal(
    lines.map(({ number }) => number),
    [1, 2],
  );
});

story('who waits does not stand in the way of those whom a seat is reserved for', async () => {
  await using site = await Site.lending({ pools: [poolOf(2)] });
  // `run` says which command it runs: here the workers' is sh, and the last one's echo.
  await site.usher('seat', 'reserve', '1', 'acme-cad', '--for', 'application echo');
  const worker = await site.work();
  const waiter = await site.waitInLine(1);
  const kept = await site.tryToWork();
  assert.is(kept.code, 0, kept.stderr);
  assert.is(await goHome(worker), 0);
  await waiter.saying(/at work/);
  assert.is(await goHome(waiter), 0);
});

story('the file is the truth: taken up at the start, by command and by a signal', async () => {
  await using site = await Site.open();
  const before = await site.serve();
  await site.addLicense();
  await before.destroy();
  await writeFile(rulesFile(site), `# ours\nexclude user ${me} from acme-cad\n`);
  const agent = await site.serve();
  assert.is((await site.tryToWork()).code, 1);
  await writeFile(rulesFile(site), '');
  const reloaded = await site.usher('rules', 'reload');
  assert.is(reloaded.code, 0, reloaded.stderr);
  assert.match(reloaded.stdout, /^No rules: every seat is for whoever asks first\./);
  const worker = await site.work();
  await writeFile(rulesFile(site), `exclude user ${me} from acme-cad\n`);
  agent.kill('SIGHUP');
  await agent.saying(/The rules are in force: 1 line\.\n(.*\n)*.*The rules are in force: 1 line\./);
  assert.is((await site.tryToWork()).code, 1);
  assert.is((await site.seats()).length, 1, 'who works goes on working');
  worker.write('');
});

story('a faulty file changes nothing, and every fault is told with its line', async () => {
  await using site = await Site.lending({});
  await site.usher('rules', 'add', 'exclude user mallory from acme-cad');
  await writeFile(rulesFile(site), 'limt 1 acme-cad for each user\n\nreserve 1 acme-cad for bob\n');
  const faulty = await site.usher('rules', 'reload');
  assert.is(faulty.code, 1);
  assert.match(faulty.stderr, /^Line 1: .*limit.*\nLine 3: /);
  assert.match((await site.usher('status')).stdout, /^Rules +1 line; the file is faulty now/m);
  const shown = await site.usher('rules', 'show');
  assert.match(shown.stdout, /^1 {2}exclude user mallory from acme-cad\n.*those shown hold on/);
  const edited = await site.usher('rules', 'add', 'exclude user eve from acme-cad');
  assert.match(edited.stderr, /rules\.conf is not as the agent has taken it up/);
  assert.is((await site.tryToWork()).code, 0);
});

story(
  'with faulty rules from the start no seat is lent, loudly, until they are mended',
  async () => {
    await using site = await Site.open();
    await mkdir(site.data, { mode: 0o700 });
    await writeFile(rulesFile(site), 'exclude mallory\n');
    const agent = await site.serve();
    await agent.saying(/Warning: The rules have an error and were not taken, and no seat is lent/);
    await site.addLicense();
    const refused = await site.tryToWork();
    assert.is(refused.code, 1);
    assert.match(refused.stderr, /The agent's rules have an error, and it lends no seat until/);
    assert.match((await site.usher('status')).stdout, /^Rules +faulty, and no seat is lent/m);
    await writeFile(rulesFile(site), '');
    await site.usher('rules', 'reload');
    assert.is((await site.tryToWork()).code, 0);
  },
);

story(
  'after a reboot on a faulty file the rules that were in force last go on, loudly',
  async () => {
    await using site = await Site.open();
    const before = await site.serve();
    await site.addLicense();
    await site.usher('rules', 'add', 'exclude user mallory from acme-cad');
    await before.destroy();
    await writeFile(rulesFile(site), 'limt 1 acme-cad for each user\n');
    const agent = await site.serve();
    await agent.saying(
      /Warning: The rules have an error and were not taken, those of the last start/,
    );
    assert.is((await site.tryToWork()).code, 0);
    assert.match(
      (await site.usher('status')).stdout,
      /^Rules +1 line of the last start: the file/m,
    );
    const shown = await site.usher('rules', 'show');
    assert.match(
      shown.stdout,
      /^1 {2}exclude user mallory .*\n.*those of the last start.*\n {2}Line 1/,
    );
    assert.ok((await site.json<RulesView>('rules', 'show')).lastGood);
    await writeFile(rulesFile(site), '');
    assert.match((await site.usher('rules', 'reload')).stdout, /^No rules/);
  },
);

story('a file is tried before it is taken: its faults, or line by line what it means', async () => {
  await using site = await Site.lending({ pools: [poolOf(1)] });
  assert.is((await site.usher('rules', 'help')).stdout, RULES_HELP);
  await writeFile(site.file('help.conf'), RULES_HELP);
  const sound = await site.usher('rules', 'check', 'help.conf');
  assert.match(sound.stdout, /^help\.conf is in order: \d+ rules\.\n$/);
  const bad = await site.usherWith('limt 1', 'rules', 'check', '-');
  assert.is(bad.code, 5);
  assert.match(bad.stderr, /^- has an error:\n {2}Line 1: /);

  const asked = ['help.conf', '--product', 'acme-cad', '--user', 'mallory', '--host', 'ws-1'];
  const explained = await site.usher('rules', 'check', ...asked);
  assert.is(explained.code, 0, explained.stderr);
  assert.match(
    explained.stdout,
    /^acme-cad for mallory@ws-1: no seat now\. The administrator does not/,
  );
  assert.match(
    explained.stdout,
    /^\* \d+ {2}exclude user mallory from acme-cad\n.*mallory on ws-1/m,
  );
  const [agent] = [await site.status()];
  assert.is(agent.rules.count, 0, 'nothing is taken up');

  const alone = await site.usher('rules', 'check', ...asked, '--data', site.file('nowhere'));
  assert.is(alone.code, 0, alone.stderr);
  assert.match(
    alone.stdout,
    /exclude user mallory(.*\n)+What there is to lend is not known: No agent/,
  );
});

story(
  'a line that is not added leads to the forms, and not to the agent, where nothing is wrong',
  async () => {
    await using site = await Site.lending({});
    for (const words of [
      ['rules', 'add', 'nobody may do anything'],
      ['seat', 'limit', '1', 'acme-cad', '--for', 'user'],
      ['rules', 'remove', '7'],
    ]) {
      const { code, stderr } = await site.usher(...words);
      assert.is(code, 1, stderr);
      assert.match(stderr, /`usher rules (help|show)`/);
      assert.not.match(stderr, /usher status|usher rules reload/);
    }
  },
);

tellStories();
