import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { MasterAnswer } from '../../../agent/core/activation/master-answer.ts';
import { CallLog } from '../../../agent/edges/call-log.ts';
import { lineToEntry } from '../../../agent/edges/log-line.ts';

const QUESTION = {
  url: 'https://ann:s3cret@master.example/usher',
  body: Uint8Array.of(1, 2, 3),
  credentials: { name: 'N-7', secret: 'pa55' },
};
const ANSWER: MasterAnswer = { ok: true, bytes: Uint8Array.of(9), version: '0.1.0' };
const SILENCE: MasterAnswer = {
  ok: false,
  code: 'unreachable',
  sentence: 'Nobody answers there.',
  version: null,
};
const PROXY = { HTTPS_PROXY: 'http://bob:hidden@proxy.example:3128' };

const log = suite<{ folder: string }>('call log');

log.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'usher-calls-'));
});
log.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const open = (folder: string) => {
  const time = { now: 1_800_000_000_000 };
  const calls = new CallLog(join(folder, 'logs', 'calls.log'), () => time.now);
  const entries = () =>
    readFileSync(join(folder, 'logs', 'calls.log'), 'utf8')
      .trim()
      .split('\n')
      .map(lineToEntry);
  const call = (answer: MasterAnswer, environment = {}) =>
    calls.watch(QUESTION, environment, async () => {
      time.now += 120;
      return answer;
    });
  return { time, calls, entries, call };
};

log('only what is asked for is written, for as long as it is', async ({ folder }) => {
  const { time, calls, entries, call } = open(folder);
  assert.is(await call(ANSWER), ANSWER);
  assert.equal(readdirSync(folder), []);
  calls.record(1);
  assert.is(calls.view.until, Math.floor((time.now + 3_600_000) / 1000));
  assert.is(await call(SILENCE), SILENCE);
  time.now += 3_600_000;
  await call(ANSWER);
  assert.is(calls.view.until, null);
  assert.is(entries().length, 1);
  calls.record(2);
  calls.record(0);
  await call(ANSWER);
  assert.is(entries().length, 1);
});

log('it holds question and answer in full, and no password', async ({ folder }) => {
  const { calls, entries, call } = open(folder);
  calls.record(24);
  await call(ANSWER, PROXY);
  await call(SILENCE);
  const [good, bad] = entries();
  assert.equal(good?.fields, {
    url: 'https://ann@master.example/usher',
    proxy: 'http://bob@proxy.example:3128/',
    account: 'N-7',
    ms: 120,
    question: 'AQID',
    version: '0.1.0',
    answer: 'CQ',
  });
  assert.equal(
    [bad?.level, bad?.fields['code'], bad?.fields['proxy']],
    ['warning', 'unreachable', null],
  );
  const text = readFileSync(join(folder, 'logs', 'calls.log'), 'utf8');
  for (const secret of ['s3cret', 'pa55', 'hidden']) assert.not.match(text, secret);
});

log('however many calls there are, they take no more than their bound', async ({ folder }) => {
  const { calls, call } = open(folder);
  calls.record(1);
  for (let i = 0; i < 40; i++) await call({ ...ANSWER, bytes: new Uint8Array(600_000) });
  const files = readdirSync(join(folder, 'logs')).map((name) => join(folder, 'logs', name));
  assert.is(files.length, 3);
  const size = files.reduce((sum, file) => sum + statSync(file).size, 0);
  assert.ok(size < 13_000_000, `${size} bytes`);
});

log.run();
