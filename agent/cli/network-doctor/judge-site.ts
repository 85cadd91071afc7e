/** Judges the site that the agent of this computer is a member of. */

import type { SiteView } from '../../core/operations.ts';
import type { Evidence } from './evidence.ts';
import { type Diagnosis, trouble, unasked, well } from './finding.ts';

export const judgeSite = ({ here: { agent } }: Evidence): Diagnosis => {
  if (typeof agent === 'string')
    return unasked(agent, 'Whether an agent is of a site, and the site is whole, it says itself.');
  const { site } = agent;
  if (site === null) return well('The agent here is a site by itself.');
  const members = site.members.filter(({ standing }) => standing === 'member');
  return (
    judgeRegister(site) ??
    judgeMembers(site) ??
    well(
      `The site ${site.name} is whole: ${counted(members.length, 'member')}, ${counted(site.register.length, 'endpoint')} of etcd.`,
    )
  );
};

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

const judgeRegister = ({ name, here, register, trouble: why }: SiteView): Diagnosis | undefined => {
  const ill = register.find(({ standing }) => standing === 'unreachable');
  const cure =
    ill === undefined
      ? 'usher site status'
      : `systemctl status etcd (on ${new URL(ill.url).hostname})`;
  if (why !== null)
    return trouble(`The register of the site ${name} does not answer: ${why}`, cure);
  if (here?.isHeard === false) {
    const reason = here.trouble === null ? '' : ` ${here.trouble}`;
    return trouble(
      `The agent here is not heard by its site ${name}, and lends nothing.${reason}`,
      'usher site status (it says when that is over)',
    );
  }
  const other = register.find((one) => one.trouble !== null);
  if (other === undefined) return undefined;
  return trouble(`Not all of the site's etcd is well: ${other.trouble}`, cure);
};

const judgeMembers = ({ members }: SiteView): Diagnosis | undefined => {
  const dead = members.find(({ standing }) => standing === 'dead');
  if (dead === undefined) return undefined;
  return trouble(
    `The member ${dead.name} is not heard: its seats are with the others, or end.`,
    `usher service start (on ${dead.name}; where it is gone for good: usher site forget ${dead.name})`,
  );
};
