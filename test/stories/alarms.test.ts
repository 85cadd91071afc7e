import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import * as assert from 'uvu/assert';
import { epochSeconds } from '../../protocol/units.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { until } from './until.ts';
import { openWebSink } from './web-sink.ts';

/** Takes mail as a server does, and keeps what it was told. */
const openMailSink = async () => {
  const mails: string[] = [];
  const server = createServer((socket) => {
    let text = '';
    let isData = false;
    socket.on('error', () => {});
    socket.write('220 sink\r\n');
    socket.on('data', (piece: Buffer) => {
      text += piece.toString();
      for (;;) {
        const end = isData ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n');
        if (end < 0) return;
        const line = text.slice(0, end);
        text = text.slice(end + (isData ? 5 : 2));
        if (isData) mails.push(line);
        const isStart = !isData && line === 'DATA';
        isData = isStart;
        socket.write(
          isStart
            ? '354 go on\r\n'
            : line.startsWith('EHLO')
              ? '250-sink\r\n250 8BITMIME\r\n'
              : '250 ok\r\n',
        );
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { mails, port, [Symbol.asyncDispose]: async () => void server.close() };
};

story(
  'S7: alarms are mailed and posted, again after a failure, and each is said once',
  async () => {
    await using mail = await openMailSink();
    await using web = await openWebSink(1);
    await using site = await Site.open();
    const env = {
      USHER_ALARM_WEBHOOK: web.url,
      USHER_ALARM_SMTP: `smtp://127.0.0.1:${mail.port}`,
      USHER_ALARM_MAIL: 'admin@example.com',
      USHER_ALARM_FULL_MINUTES: '0',
    };
    const start = async () => {
      const agent = site.start(['serve'], { env });
      await agent.saying(/Serving on UDP port/);
      return agent;
    };
    const agent = await start();
    const soon = epochSeconds(Math.floor(Date.now() / 1000) + 3 * 86_400);
    const { id } = await site.addLicense({ expires: soon });
    await until('a mail came', async () => mail.mails[0]);
    await until('a post came', async () => web.posts[0]);
    assert.is(web.posts[0]?.['id'], `license-ends/${id}`);
    assert.is(web.posts[0]?.['event'], 'raised');
    assert.match(mail.mails[0] ?? '', /^To: <admin@example\.com>/m);
    const [, body = ''] = (mail.mails[0] ?? '').split('\r\n\r\n');
    assert.match(
      Buffer.from(body, 'base64').toString(),
      new RegExp(`License ${id} .* ends in 3 days`),
    );
    agent.kill('SIGTERM');
    await agent.ending();
    await start();
    await site.usher('license', 'remove', '--yes', id);
    await until('its end was told', async () => web.posts[1]);
    assert.equal(
      web.posts.map(({ event }) => event),
      ['raised', 'ended'],
      'nothing was said again after the restart',
    );
  },
);

tellStories();
