/** Rules for a firewall that was made with `iptables` and `ip6tables` by hand or by scripts. */

import {
  type FirewallWish,
  isForIPv6,
  type Opening,
  OWN_COMMENT,
  type OwnRule,
  openingComment,
  openingsOf,
  type Surveyor,
  settle,
} from './firewall.ts';

const programFor = (opening: Opening): string => (isForIPv6(opening) ? 'ip6tables' : 'iptables');

export const surveyIptables: Surveyor = async (tool, wish) => {
  const tables = await Promise.all(
    ['iptables', 'ip6tables'].map(async (program) => {
      const { status, out } = await tool([program, '-w', '-S', 'INPUT']);
      return { program, lines: status === 0 ? out.split('\n') : [] };
    }),
  );
  const filtering = tables.filter(({ lines }) => lines.some(isBlocking));
  const own = tables.flatMap(({ program, lines }) => ownRules(program, lines));
  if (filtering.length === 0 && own.length === 0) return undefined;
  const wanted = wantedRules(wish).filter(({ program }) =>
    filtering.some((one) => one.program === program),
  );
  return {
    firewall: 'iptables',
    state: `${filtering.map(({ program }) => program).join(' and ')} filters what comes in.`,
    isNamedByOthers: tables.some(({ lines }) =>
      lines.some((line) => !line.includes(OWN_COMMENT) && line.includes(`--dport ${wish.port} `)),
    ),
    warnings: [
      'These rules last until the next start of the computer: keep them with `netfilter-persistent save`, or add the commands to the script that makes your rules.',
    ],
    ...settle(wanted, own),
  };
};

/** Whether the line can keep a client's datagram out. */
const isBlocking = (line: string): boolean => {
  if (line.startsWith('-P ')) return line.endsWith(' DROP');
  const [, target] = /^-A INPUT .*-[jg] (\S+)/.exec(`${line} `) ?? [];
  return (
    target !== undefined &&
    !['ACCEPT', 'RETURN', 'LOG', 'NFLOG'].includes(target) &&
    !line.includes(' -p tcp ')
  );
};

const wantedRules = (wish: FirewallWish) =>
  openingsOf(wish).map((opening) => {
    const { protocol, port, network } = opening;
    const program = programFor(opening);
    const key = openingComment(opening);
    const match = ['-s', network, '-p', protocol, '--dport', `${port}`];
    const comment = ['-m', 'comment', '--comment', key, '-j', 'ACCEPT'];
    return { key, program, add: [[program, '-w', '-I', 'INPUT', '1', ...match, ...comment]] };
  });

/** Lines of `-S` are the words that made the rule, with `-A` in front. */
const ownRules = (program: string, lines: readonly string[]): readonly OwnRule[] =>
  lines.flatMap((line) => {
    const [, before, key, after] = /^-A (INPUT .*--comment )"([^"]+)"( .*)$/.exec(line) ?? [];
    if (before === undefined || after === undefined || !key?.startsWith(OWN_COMMENT)) return [];
    const words = [...before.trim().split(' '), key, ...after.trim().split(' ')];
    return [{ key, remove: [[program, '-w', '-D', ...words]] }];
  });
