import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withNextStep, withRemedy } from '../../../agent/cli/next-step.ts';
import { LICENSE_FAULTS } from '../../../agent/core/operations.ts';
import type { ErrorCode } from '../../../agent/usher-error.ts';
import { REFUSALS } from '../../../protocol/refusal.ts';

const COMMAND = /`(sudo )?usher [^`]+`/;

const CODES: Readonly<Record<ErrorCode, true>> = {
  WRONG_USAGE: true,
  PORT_TAKEN: true,
  ADDRESS_UNUSABLE: true,
  STORE_LOCKED: true,
  STORE_DAMAGED: true,
  STORE_UNWRITABLE: true,
  FOLDER_UNUSABLE: true,
  FILE_UNREADABLE: true,
  FILE_EXISTS: true,
  COMMAND_UNUSABLE: true,
  KEY_UNUSABLE: true,
  NO_AGENT: true,
  NOT_PERMITTED: true,
  BROKEN_DATA: true,
  REFUSED: true,
};

test('an error of whatever code names the next command, and only one', () => {
  for (const code of Object.keys(CODES) as ErrorCode[]) {
    assert.match(withNextStep('Something is wrong.', code, 'seat list'), COMMAND, code);
    assert.match(withNextStep('Something is wrong', code, 'seat list'), /^Something is wrong\. /);
    const own = 'It is so: see `usher status`.';
    assert.is(withNextStep(own, code, 'seat list'), own);
  }
});

test('a refusal names what its administrator can type', () => {
  for (const [code, { administrator }] of Object.entries(REFUSALS)) {
    assert.match(administrator, COMMAND, code);
  }
  assert.match(withRemedy('No seat begins with "x".', 'no-match'), /`usher seat list`/);
  assert.match(withRemedy('It is here already.', 'exists'), COMMAND);
  assert.is(withRemedy('See `usher top`.', 'no-match'), 'See `usher top`.');
});

test('a license that is not taken has a sentence that ends, for a next one to follow', () => {
  for (const sentence of Object.values(LICENSE_FAULTS)) assert.match(sentence, /\.$/);
});

test.run();
