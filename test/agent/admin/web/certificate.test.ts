import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ownCertificate, readCertificate } from '../../../../agent/admin/web/certificate.ts';
import { ConsoleServer } from '../../../../agent/admin/web/console-server.ts';
import { SessionBook } from '../../../../agent/admin/web/session-book.ts';

const NAMES = ['front-desk', '10.0.0.5', '127.0.0.1', 'fd00::1:2'];
const NOW = new Date();

const withFolder = async (tell: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-certificate-'));
  await tell(folder).finally(() => rm(folder, { recursive: true }));
};

test('one of its own making names this computer and is kept until it ends', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'console.pem');
    const made = await ownCertificate(path, NAMES, NOW);
    const read = new X509Certificate(made.cert);
    assert.is(
      read.subjectAltName,
      'DNS:front-desk, IP Address:10.0.0.5, IP Address:127.0.0.1, IP Address:FD00:0:0:0:0:0:1:2',
    );
    assert.ok(read.verify(read.publicKey), 'signed by itself');
    assert.is(made.fingerprint, read.fingerprint256);
    assert.is((await ownCertificate(path, NAMES.slice(0, 3), NOW)).cert, made.cert);
    const later = new Date(NOW.getTime() + 780 * 86_400_000);
    const renewed = await ownCertificate(path, NAMES.slice(0, 3), later);
    assert.is.not(renewed.cert, made.cert);
    assert.is((await readCertificate(path)).fingerprint, renewed.fingerprint);
    await writeFile(path, made.cert);
    await readCertificate(path).then(
      () => assert.unreachable(),
      (error: Error) => assert.match(error.message, 'a part is missing'),
    );
    assert.not.match(await readFile(path, 'utf8'), 'PRIVATE');
  }));

test('a console with a certificate speaks TLS to those who trust it', () =>
  withFolder(async (folder) => {
    const tls = await ownCertificate(join(folder, 'console.pem'), NAMES, NOW);
    await using server = await ConsoleServer.open({
      addresses: ['127.0.0.1'],
      port: 0,
      tls,
      names: ['front-desk'],
      sessions: new SessionBook(() => performance.now()),
      routes: [
        {
          method: 'GET',
          path: '/',
          needs: 'anyone',
          answer: (one) => one.answer(200, one.isSecure),
        },
      ],
    });
    const ask = get({ host: '127.0.0.1', port: server.port, ca: tls.cert });
    const [response] = (await once(ask, 'response')) as [IncomingMessage];
    assert.is((response.socket as TLSSocket).authorized, true);
    assert.is(String((await once(response, 'data'))[0]), 'true');
    const plain = await fetch(`http://127.0.0.1:${server.port}/`);
    assert.is(await plain.text(), 'false', 'this computer needs no certificate');
  }));

test.run();
