/** Misfortunes of a family that chance alone would seldom bring about: each several things in a row. */

import type { ChildChange } from '../../agent/core/children/child-operations.ts';
import type { Stage } from '../../protocol/stages.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { WALL_START } from './clocks.ts';
import type { Crowd } from './family-crowd.ts';
import { DAY_MS, type Member, MINUTE_MS, PATIENCE_DAYS } from './family-ground.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

export interface PlotParts {
  readonly world: World;
  readonly random: Random;
  readonly crowd: Crowd;
  readonly seats: number;
}

/** A member with a parent. */
type Child = Member & { readonly parent: Member };
const isChild = (member: Member | undefined): member is Child => member?.parent !== undefined;

/** One of them, sometime, to somebody. */
export const plot = (parts: PlotParts, members: readonly Member[]): void => {
  const { random } = parts;
  const below = random.pick(members.filter(({ parent }) => parent?.parent !== undefined));
  const between = below?.parent;
  if (isChild(below) && isChild(between) && random.chance(0.5)) {
    return squeeze(parts, between, below);
  }
  const member = random.pick(members.filter(isChild));
  if (member !== undefined) overpromise(parts, member);
};

/**
 * A child is to have almost nothing from a date on, while its own child hears of nothing: it lends what
 * was promised to it, so that the seats are not free before its promise is over.
 */
const squeeze = (parts: PlotParts, member: Child, below: Child): void => {
  const { world, random, crowd, seats } = parts;
  give(parts, member, seats - 1);
  world.in(10 * MINUTE_MS, () => give(parts, below, seats - 1));
  world.in(30 * MINUTE_MS, () => {
    below.isAway = true;
    const date = world.now + random.between(30, 90) * MINUTE_MS;
    const from = epochSeconds(WALL_START + Math.floor(date / 1000));
    update(member, seats - 1, [{ from, until: null, seats: random.whole(0, 1) }]);
    askOften(parts, member);
    crowd.rush(date);
    world.at(date + 60 * MINUTE_MS, () => {
      below.isAway = false;
    });
  });
};

/** A child has few seats, is promised more, and the power is cut before that is known for sure. */
const overpromise = (parts: PlotParts, member: Child): void => {
  const { world, crowd, seats } = parts;
  give(parts, member, 1);
  world.in(30 * MINUTE_MS, () => {
    update(member, seats - 1, []);
    member.isStruck = true;
    askOften(parts, member);
  });
  crowd.rush(world.now + 33 * MINUTE_MS);
};

/** So many seats are to be a child's, whatever was before, and it hears of it. */
const give = (parts: PlotParts, member: Child, seats: number): void => {
  const { parent, account } = member;
  parent.agent.operate({ kind: 'child-resume', id: account }, () => {});
  update(member, seats, []);
  askOften(parts, member);
};

/** Calls are lost. */
const askOften = ({ world }: PlotParts, member: Member): void => {
  for (const minutes of [1, 3, 6]) world.in(minutes * MINUTE_MS, () => ask(member));
};

/** The parent's power is cut when it has hardly spoken, and then it is to give less. */
export const strike = (parts: PlotParts, member: Member): void => {
  if (!isChild(member)) return;
  const { world, random, crowd, seats } = parts;
  const { agent } = member.parent;
  member.isStruck = false;
  agent.disk.fail(1000);
  world.in(random.between(0, 5), () => agent.crash(random.between(10, 2000)));
  world.in(5000, () => update(member, 1, []));
  for (let i = 0; i < 2 * seats; i++) {
    world.in(random.between(5000, 60_000), () =>
      crowd.invite(random.pick([member, member.parent])),
    );
  }
};

/** It reaches its parent no more; when it has to give up, everybody wants a seat. */
export const cut = ({ world, crowd }: PlotParts, member: Member): void => {
  member.isCut = true;
  member.parent?.agent.operate({ kind: 'child-show', id: member.account }, (shown) => {
    const ends = shown.kind === 'child-show' ? shown.child.ends : null;
    // From what was promised to it last: what is on its way yet may end later.
    if (ends !== null) crowd.rush((ends - WALL_START) * 1000);
  });
  crowd.rush(world.now + PATIENCE_DAYS * DAY_MS);
};

/** It calls its parent. */
export const ask = (member: Member | undefined): void => {
  if (member?.parent === undefined || !member.isStarted) return;
  member.agent.operate({ kind: 'license-refresh', ids: [] }, () => {});
};

const update = ({ parent, account }: Child, seats: number, stages: readonly Stage[]): void => {
  const pools = [{ class: 'generic', seats, stages }];
  const rest = { parent: null, longest: null, children: null, expires: null };
  const change: ChildChange = { ...rest, pools };
  parent.agent.operate({ kind: 'child-update', id: account, change }, () => {});
};
