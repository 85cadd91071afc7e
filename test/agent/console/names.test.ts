import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { csvText, decodeList } from '../../../agent/console/parts/names.ts';

test('a list is read as spreadsheets save Unicode, and nothing else is taken for it', () => {
  const utf8 = new TextEncoder().encode('\ufeffJürgen\n');
  assert.is(decodeList(utf8), 'Jürgen\n');
  assert.is(decodeList(new Uint8Array(Buffer.from('\ufeffJürgen\n', 'utf16le'))), 'Jürgen\n');
  assert.is(decodeList(new Uint8Array(Buffer.from('Jürgen\n', 'latin1'))), undefined);
});

test('what is saved for a spreadsheet says that it is Unicode, and is read again as it was', () => {
  const saved = csvText('user,product', ['Jürgen,acme-cad']);
  assert.is(saved, '\ufeffuser,product\r\nJürgen,acme-cad\r\n');
  assert.is(decodeList(new TextEncoder().encode(saved)), saved.slice(1));
});

test.run();
