/** Firewalls of client computers as their makers set them up, as rules of nftables. */

/** What a host lets in besides answers to its own datagrams. */
const onlyIn = (...accepted: readonly string[]): string => `nft -f - <<'END'
flush ruleset
table inet site {
  chain incoming {
    type filter hook input priority filter; policy drop;
    iif lo accept
    ct state established,related accept
    meta l4proto ipv6-icmp accept
    ${accepted.join('\n    ')}
  }
}
END`;

const MDNS = [
  'ip daddr 224.0.0.251 udp dport 5353 accept',
  'ip6 daddr ff02::fb udp dport 5353 accept',
];

/** As ufw and the zones home, internal and work of firewalld have it. */
export const LIKE_UFW = onlyIn('udp sport 67 udp dport 68 accept', ...MDNS);
export const LIKE_FIREWALLD_HOME = onlyIn(
  'tcp dport 22 accept',
  ...MDNS,
  'udp dport 137-138 accept',
);
/** As the zone public of firewalld has it: no mDNS. */
export const LIKE_FIREWALLD_PUBLIC = onlyIn(
  'tcp dport 22 accept',
  'ip6 daddr fe80::/64 udp dport 546 accept',
);
/** An agent's: its port and nothing else. */
export const AGENT_PORT_ONLY = onlyIn('udp dport 24711 accept');
