import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { callReason } from '../../../agent/edges/call-reason.ts';

const errorOf = (code: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { code, ...more });

test('certificates that nobody vouches for are told in words, and not in those of Node', () => {
  const words = 'unable to verify the first certificate; try running Node.js with --use-system-ca';
  for (const code of ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DEPTH_ZERO_SELF_SIGNED_CERT'])
    assert.is(
      callReason(errorOf(code, words)),
      'its certificate is signed by nobody who is trusted here for that',
    );
  assert.is(callReason(errorOf('CERT_HAS_EXPIRED', 'x')), 'its certificate has expired');
});

test('what OpenSSL says is one line, of its reason alone', () => {
  const message = '40CD8A50:error:0A000412:SSL routines:read:wrong version:../a.c:918:x\n';
  const reason = 'wrong version number';
  assert.is(callReason(errorOf('ERR_SSL_WRONG_VERSION_NUMBER', message, { reason })), reason);
  const alert = 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE';
  assert.match(callReason(errorOf(alert, message, { reason })), /without a certificate that it/);
  assert.is(callReason(errorOf('HPE_INVALID', 'Parse Error:\n bad. ')), 'Parse Error: bad');
});

test('connections that fail are told by what has failed', () => {
  assert.is(callReason(errorOf('ECONNREFUSED', 'x')), 'nobody answers there');
  assert.is(
    callReason(errorOf('ECONNRESET', 'read ECONNRESET')),
    'the connection was cut off there',
  );
  assert.is(callReason(errorOf('ENOTFOUND', 'x')), 'its name is not known');
});

test.run();
