import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AuditCheck, type NotedLine } from '../../../../agent/vendor/master/audit-check.ts';
import { AUDIT_END, auditKey } from '../../../../agent/vendor/master/audit-line.ts';
import { AUDIT_BLOCK, AuditLog, ENDS_KEY } from '../../../../agent/vendor/master/audit-log.ts';
import { nativePrimitives as primitives } from '../../../../protocol/node/native-primitives.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { VENDOR } from './master-rig.ts';

const test = suite('the log of a master');
const OTHER = primitives.signingKeys(new Uint8Array(32).fill(8));
const LINES_MAX = 2000;

class Book {
  readonly disk = new Map<string, Uint8Array>();
  log = new AuditLog({ primitives, keys: VENDOR, linesMax: LINES_MAX });

  /** It starts again on what the disk has, with these keys. */
  restart(keys = VENDOR): void {
    this.log = new AuditLog({ primitives, keys, linesMax: LINES_MAX });
    // In any order.
    for (const [key, value] of [...this.disk].reverse()) this.log.load(key, value);
  }

  tell(lines: number): void {
    for (let i = 0; i < lines; i++) {
      const at = epochSeconds(1_800_000_000 + i);
      this.log.tell({ at, kind: 'issued', who: 'vera', license: null, detail: `seat ${i}` });
    }
    for (const { key, value } of this.log.takeWrites()) {
      if (value === null) this.disk.delete(key);
      else this.disk.set(key, value);
    }
  }

  check(noted?: NotedLine) {
    const check = new AuditCheck({ primitives, ends: this.disk.get(ENDS_KEY), noted });
    const keys = [...this.disk.keys()].filter((key) => key > auditKey(0) && key < AUDIT_END);
    for (const key of keys.sort()) check.take(this.disk.get(key) as Uint8Array);
    return check.report();
  }
}

const told = (lines: number): Book => {
  const book = new Book();
  book.tell(lines);
  return book;
};

test('it is whole, empty or not, and goes on after a restart', () => {
  assert.equal([new Book().check().fault, new Book().check().lines], [null, 0]);
  const book = told(5);
  const { head } = book.check();
  book.restart();
  book.tell(2);
  const { fault, lines, first } = book.check(head);
  assert.equal([fault, lines, first, book.log.last], [null, 7, 1, 7]);
});

test('a line that is altered, gone, doubled or put in is found, and so is a cut at either end', () => {
  const faults = (spoil: (disk: Map<string, Uint8Array>) => void): string => {
    const book = told(9);
    spoil(book.disk);
    return book.check().fault ?? 'whole';
  };
  const line = (book: Map<string, Uint8Array>, number: number) =>
    book.get(auditKey(number)) as Uint8Array;
  const alter = (number: number) => (disk: Map<string, Uint8Array>) => {
    const bytes = line(disk, number).slice();
    // A letter of its detail.
    bytes[bytes.length - 36] = 0x78;
    disk.set(auditKey(number), bytes);
  };
  assert.match(faults(alter(4)), /line 4 was altered/);
  assert.match(faults(alter(9)), /line 9 was altered/);
  assert.is(
    faults((disk) => disk.delete(auditKey(3))),
    'line 3 is gone',
  );
  assert.is(
    faults((disk) => disk.delete(auditKey(1))),
    'line 1 is gone',
  );
  assert.is(
    faults((disk) => disk.delete(auditKey(9))),
    'line 9 is gone',
  );
  assert.match(
    faults((disk) => disk.set(auditKey(5), line(disk, 4))),
    /line 4 is there twice/,
  );
  assert.match(
    faults((disk) => disk.delete(ENDS_KEY)),
    /signed ends are gone/,
  );
  assert.match(
    faults((disk) => disk.set(ENDS_KEY, new Uint8Array([1, 2, 3]))),
    /ends are not signed/,
  );
});

test('what was cut off while it was stopped is found after it has gone on', () => {
  const book = told(9);
  book.disk.delete(auditKey(8));
  book.disk.delete(auditKey(9));
  book.restart();
  book.tell(3);
  assert.is(book.check().fault, 'lines 8 to 9 are gone');
});

test('a copy of before, with its own ends, is found by who has noted the head', () => {
  const book = told(5);
  const before = new Map(book.disk);
  book.tell(3);
  const { head } = book.check();
  book.disk.clear();
  for (const [key, value] of before) book.disk.set(key, value);
  assert.is(book.check().fault, null);
  assert.is(book.check(head).fault, 'lines 6 to 8 are gone');
  assert.match(book.check({ ...head, number: 4 }).fault ?? '', /is another one than was noted/);
});

test('the oldest lines go, a thousand at a time, and what is left is still proved', () => {
  const book = told(LINES_MAX);
  const { head } = book.check();
  book.tell(AUDIT_BLOCK - 1);
  assert.is(book.log.first, 1);
  book.tell(1);
  assert.is(book.log.first, AUDIT_BLOCK + 1);
  assert.is(book.disk.size, LINES_MAX + 1);
  const { fault, lines, first } = book.check(head);
  assert.equal([fault, lines, first], [null, LINES_MAX, AUDIT_BLOCK + 1]);
  assert.match(book.check({ number: 7, hash: head.hash }).fault ?? '', /was given up/);
  book.restart();
  for (let i = 0; i < 5; i++) book.tell(AUDIT_BLOCK);
  assert.is(book.disk.size, LINES_MAX + 1);
  assert.equal([book.check().fault, book.log.first], [null, 6 * AUDIT_BLOCK + 1]);
  book.disk.delete(auditKey(book.log.first));
  assert.match(book.check().fault ?? '', /is gone/);
});

test('another key goes on with it and says so; ends that were tampered with are told of', () => {
  const book = told(3);
  book.restart(OTHER);
  book.tell(1);
  assert.equal([book.check().fault, book.log.last], [null, 5]);
  book.disk.set(ENDS_KEY, new Uint8Array([1]));
  book.restart(OTHER);
  book.tell(1);
  assert.is(book.log.last, 7, 'one line says it');
});

test.run();
