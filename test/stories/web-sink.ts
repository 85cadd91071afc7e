/** An administrator's own web server, which alarms are posted to. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes posts; the first ones fail. */
export const openWebSink = async (failures: number) => {
  const posts: Record<string, string>[] = [];
  let left = failures;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    response.statusCode = left-- > 0 ? 500 : 200;
    response.end();
    if (response.statusCode === 200) posts.push(JSON.parse(body) as Record<string, string>);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    posts,
    url: `http://127.0.0.1:${port}/hook`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
};
