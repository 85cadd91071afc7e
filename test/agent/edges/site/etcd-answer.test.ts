import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fieldsToAnswer } from '../../../../agent/edges/site/etcd-answer.ts';

test('an answer tells which member has given it, and since which election', () => {
  const told = (header: object): string | undefined => {
    const answer = fieldsToAnswer({ header: { revision: '7', ...header } }, 0, '/p/');
    assert.ok(answer?.kind === 'transacted');
    return answer.by;
  };
  const member_id = '10501334649042878790';
  assert.is(told({ member_id, raft_term: '2' }), `${member_id}/2`);
  assert.is(told({ member_id, raft_term: '3' }), `${member_id}/3`);
  for (const odd of [{}, { member_id }, { member_id, raft_term: 'x'.repeat(1000) }]) {
    assert.is(told(odd), undefined);
  }
});

test.run();
