/** Boxes that are one site, by a real etcd. */

import { mkdirSync } from 'node:fs';
import { EtcdMembers, loopbackPlaces } from '../lan/etcd.ts';
import type { Running } from './program.ts';
import { Site } from './site.ts';

/** As many boxes as `count`, none started yet, and one etcd that `etcd` can stop. */
export const withBoxes = async (
  count: number,
  tell: (boxes: readonly Site[], etcd: EtcdMembers) => Promise<void>,
): Promise<void> => {
  await using ground = await Site.open();
  using etcd = new EtcdMembers({ places: await loopbackPlaces(1, ground.folder) });
  await etcd.startAll();
  const boxes: Site[] = [];
  try {
    for (let i = 1; i <= count; i++) {
      const box = await Site.open(ground.vendor);
      mkdirSync(box.data, { recursive: true, mode: 0o700 });
      boxes.push(box);
    }
    await tell(boxes, etcd);
  } finally {
    await Promise.all(boxes.map((box) => box.close()));
  }
};

/** Starts the agent of a box as a member, which is heard then. */
export const joinSite = async (box: Site, etcd: EtcdMembers, name: string): Promise<Running> => {
  const agent = await box.serve(
    ...['--console', '0', '--name'],
    name,
    '--site',
    etcd.urls.map(({ origin }) => origin).join(),
  );
  await agent.saying(/This agent is heard by its site/);
  return agent;
};
