/** A bad line between two networks: a program that loses, doubles and delays what it passes on. */

/**
 * Listens where an agent would, and has each client speak with the agent by a socket of its own. Each
 * datagram is lost by a fifth, comes twice by a tenth, and is late by up to 200 ms, so that later ones
 * come before it. Chance is a seeded one: each run is the same.
 */
export const BAD_LINE = `
import { createSocket } from 'node:dgram';
const [agent, seed] = process.argv.slice(1);
let state = Number(seed);
const chance = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const pass = (say) => {
  if (chance() < 0.2) return;
  setTimeout(say, chance() * 200);
  if (chance() < 0.1) setTimeout(say, chance() * 200);
};
const ways = new Map();
const front = createSocket('udp4');
front.on('message', (bytes, { address, port }) => {
  const key = address + ' ' + port;
  let back = ways.get(key);
  if (back === undefined) {
    back = createSocket('udp4');
    back.on('message', (answer) => pass(() => front.send(answer, port, address)));
    ways.set(key, back);
  }
  pass(() => back.send(bytes, 24711, agent));
});
front.bind(24711, () => console.log('passing on'));
`;
