import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isExcused, leaderless, type Said, successions } from './quorum.ts';

const elected = (member: number) => `etcd ${member}: raft.node: a1 elected leader b2 at term 3`;
const lost = (member: number) => `etcd ${member}: raft.node: a1 lost leader b2 at term 3`;
const ended = (member: number) => `etcd ${member}: ended`;

/** Members 1 and 2 and 3 know a leader from 1000 on. */
const begun: readonly Said[] = [1, 2, 3].map((member) => ({ at: 1000, line: elected(member) }));

const quorum = suite('majority of etcd');

quorum('two of three that know a leader are one', () => {
  const said = [...begun, { at: 5000, line: ended(3) }];
  assert.equal(leaderless(said.slice(1), 3, 9000), [
    { from: 1000, to: 1000 },
    { from: 5000, to: 9000 },
  ]);
  assert.equal(leaderless(said, 3, 9000).slice(1), []);
});

quorum('one is none, until another knows a leader again', () => {
  const said = [
    ...begun,
    { at: 5000, line: ended(3) },
    { at: 6000, line: lost(2) },
    { at: 8500, line: 'etcd 2: raft.node: a1 changed leader from b2 to c3 at term 4' },
  ];
  assert.equal(leaderless(said, 3, 9000).at(-1), { from: 6000, to: 8500 });
});

quorum('when a leader has ended there is none until a majority knows the next', () => {
  const names = ['', 'a1', 'b2', 'c3'];
  const knows = (member: number, leader: string, at: number): Said => ({
    at,
    line: `etcd ${member}: raft.node: ${names[member]} elected leader ${leader} at term 3`,
  });
  const said = [
    ...[1, 2, 3].map((member) => knows(member, 'b2', 1000)),
    { at: 5000, line: ended(3) },
    knows(3, 'b2', 5500),
    { at: 6000, line: ended(2) },
    knows(1, 'c3', 7400),
    knows(3, 'c3', 7500),
    { at: 9000, line: ended(2) },
  ];
  assert.equal(successions(said, 3, 9999), [{ from: 6000, to: 7500 }]);
});

quorum('agents say nothing of it', () => {
  assert.equal(leaderless([{ at: 1, line: 'agent 1: raft.node: a lost leader b' }], 3, 9), []);
});

quorum('a seat is lost for want of a majority only where that was missing for long', () => {
  const spans = [{ from: 10_000, to: 14_500 }];
  assert.is(isExcused(spans, 15_000), true);
  assert.is(isExcused(spans, 22_000), true);
  assert.is(isExcused(spans, 23_000), false);
  assert.is(isExcused(spans, 13_000), false);
});

quorum.run();
