import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ADMINISTRATORS_SID,
  FULL_CONTROL,
  MODIFY,
  readSid,
  SYSTEM_SID,
  serviceSid,
  sidToBytes,
  toAcl,
} from '../../../agent/service/service-sid.ts';

test('a service’s identity is the one that Windows gives it', () => {
  // The best known of all; whatever the case of the name.
  const known = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464';
  assert.is(serviceSid('TrustedInstaller'), known);
  assert.is(serviceSid('TRUSTEDINSTALLER'), known);
});

test('identities are written as Windows keeps them, and read back', () => {
  assert.is(sidToBytes(SYSTEM_SID).toString('hex'), '010100000000000512000000');
  for (const sid of [SYSTEM_SID, ADMINISTRATORS_SID, serviceSid('Usher')]) {
    const bytes = Buffer.concat([Buffer.alloc(20), sidToBytes(sid)]);
    assert.is(readSid(bytes, 20), sid);
    assert.is(readSid(bytes.subarray(0, -1), 20), undefined, 'one that is cut off');
  }
  assert.is(readSid(Buffer.alloc(40), 0), undefined, 'no owner');
});

test('a list of rights names who may, for all that is in the folder', () => {
  const list = toAcl([
    { sid: SYSTEM_SID, rights: FULL_CONTROL },
    { sid: serviceSid('Usher'), rights: MODIFY },
  ]);
  assert.is(list.readUInt16LE(2), list.length);
  assert.is(list.readUInt16LE(4), 2);
  // Allowed, to folders and files, 20 bytes, all rights, SYSTEM.
  assert.is(list.subarray(8, 28).toString('hex'), '00031400ff011f00010100000000000512000000');
  assert.is(list.readUInt32LE(32), MODIFY);
  assert.is(readSid(list, 36), serviceSid('Usher'));
});

test.run();
