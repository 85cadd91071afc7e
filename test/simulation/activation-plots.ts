/** What is done to activations with a purpose: each several things in a row that chance seldom does. */

import type { ActivatedWorld } from './activation-acts.ts';
import type { ActivationHost } from './activation-host.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const DAY = 86_400;

/** One of them, to one computer. */
export const plot = (life: ActivatedWorld, host: ActivationHost): void =>
  life.random.pick([tamperAhead, tamperBack, rebuild] as const)(life, host);

/** The clock is set ahead, an emergency begins, and the clock is set right again. */
const tamperAhead = (life: ActivatedWorld, host: ActivationHost): void => {
  const { world, random } = life;
  host.offset = random.whole(1, 60) * DAY;
  world.in(MINUTE_MS, () => beginEmergency(life, host));
  const length = random.skewed(HOUR_MS, 3 * DAY_MS);
  world.in(length, () => {
    host.offset = 0;
  });
  world.in(length + MINUTE_MS, () => host.operate({ kind: 'clock-reset' }, () => {}));
};

/** The clock is set back, so that what ends would go on. */
const tamperBack = (life: ActivatedWorld, host: ActivationHost): void => {
  const { world, random } = life;
  if (random.chance(0.5)) beginEmergency(life, host);
  world.in(MINUTE_MS, () => {
    host.offset = -random.whole(1, 100) * DAY;
  });
  for (let i = random.whole(0, 2); i > 0; i--) {
    world.in(random.between(0, 5 * DAY_MS), () => host.crash(random.skewed(10, HOUR_MS)));
  }
  if (random.chance(0.3)) {
    world.in(random.between(0, 5 * DAY_MS), () => host.operate({ kind: 'clock-reset' }, () => {}));
  }
  world.in(random.between(DAY_MS, 25 * DAY_MS), () => {
    host.offset = 0;
  });
};

/**
 * A computer that reaches nobody gets new parts, one after the other: its agent knows it, the master
 * does not any more. Meanwhile it is freed, and another has its place.
 */
const rebuild = (life: ActivatedWorld, host: ActivationHost): void => {
  const { world, random, hosts, vendor } = life;
  const other = random.pick(hosts.filter((one) => one !== host));
  host.isAway = true;
  for (let i = 1; i <= 5; i++) world.in(10 * i * MINUTE_MS, () => host.changePart());
  world.in(2 * HOUR_MS, () => {
    for (const license of life.line) {
      const { agent } = host;
      vendor.operate({ kind: 'activation-free', license, agent, reason: '' }, () => {});
    }
  });
  const activate = { kind: 'license-activate', ids: [], credentials: null } as const;
  for (const hours of [3, 3.3, 3.6])
    world.in(hours * HOUR_MS, () => other?.operate(activate, () => {}));
  world.in(5 * HOUR_MS, () => {
    host.isAway = false;
  });
  const refresh = { kind: 'license-refresh', ids: [] } as const;
  for (const hours of [5.1, 5.5, 6])
    world.in(hours * HOUR_MS, () => host.operate(refresh, () => {}));
};

const beginEmergency = ({ line }: ActivatedWorld, host: ActivationHost): void => {
  for (const id of line) host.operate({ kind: 'license-emergency', id }, () => {});
};
