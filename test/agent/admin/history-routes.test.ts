import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerHistory } from '../../../agent/admin/history-routes.ts';

const NOTHING = {
  usage: async () => assert.unreachable(),
  audit: () => assert.unreachable(),
  checkAudit: async () => assert.unreachable(),
  auditHead: async () => 'head',
} as unknown as Parameters<typeof answerHistory>[0];

test('what names no part of the history has no answer', async () => {
  for (const target of [
    '',
    '/',
    '//',
    '//[',
    '*',
    'http://',
    '/usage',
    '/usage?from=1',
    '/audit?since=x',
  ])
    assert.is(await answerHistory(NOTHING, target), undefined, target);
  assert.equal(await answerHistory(NOTHING, '/audit/head?'), { kind: 'value', value: 'head' });
});

test.run();
