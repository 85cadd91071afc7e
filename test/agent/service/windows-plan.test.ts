import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { quoteWord, toCommandLine } from '../../../agent/edges/windows/service-definition.ts';
import {
  defineService,
  describeStep,
  planInstall,
  planUninstall,
  type Step,
  type WindowsPlaces,
} from '../../../agent/service/windows-plan.ts';

const PLACES: WindowsPlaces = {
  program: 'C:\\Users\\ada\\Downloads\\usher-win-x64.exe',
  programFiles: 'C:\\Program Files',
  systemRoot: 'C:\\Windows',
  data: 'C:\\ProgramData\\Usher',
};
const PLAIN = { openFirewall: false, isLeftStopped: false };
const KEEPING = { purge: false, keepProgram: false };

const kinds = (steps: readonly Step[]): readonly string[] => steps.map(({ kind }) => kind);
const firewallOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => (step.kind === 'run' ? [[step.program, ...step.words].join(' ')] : []));

test('rights come first, and nothing is copied over a program that runs', () => {
  assert.equal(kinds(planInstall(PLACES, PLAIN)), [
    ...['secure-folder', 'write-settings', 'stop-service', 'copy-program'],
    ...['define-service', 'set-registry', 'start-service'],
  ]);
});

test('the installed program installs itself where it is, however its path is written', () => {
  const program = 'c:\\PROGRAM FILES\\usher\\.\\Usher.exe';
  assert.not.ok(kinds(planInstall({ ...PLACES, program }, PLAIN)).includes('copy-program'));
});

test('left stopped, the service is not started', () => {
  const steps = planInstall(PLACES, { ...PLAIN, isLeftStopped: true });
  assert.not.ok(kinds(steps).includes('start-service'));
});

test('the firewall is opened by request only, for the installed program', () => {
  assert.equal(firewallOf(planInstall(PLACES, PLAIN)), []);
  assert.equal(firewallOf(planInstall(PLACES, { ...PLAIN, openFirewall: true })), [
    'C:\\Program Files\\Usher\\usher.exe firewall open --data C:\\ProgramData\\Usher',
  ]);
});

test('the service starts the installed program by a quoted path, with few rights', () => {
  const defined = planInstall(PLACES, PLAIN).find((step) => step.kind === 'define-service');
  assert.ok(defined?.kind === 'define-service');
  const { commandLine, account, privileges, restartAfterMs } = defined.definition;
  const words = 'serve --service --data C:\\ProgramData\\Usher';
  assert.is(commandLine, `"C:\\Program Files\\Usher\\usher.exe" ${words}`);
  assert.is(account, 'NT AUTHORITY\\LocalService');
  assert.equal(privileges, ['SeChangeNotifyPrivilege']);
  assert.equal(restartAfterMs, [5000, 30_000, 60_000]);
});

test('removal keeps the data unless they are to go, and the program when an installer has it', () => {
  const removed = (wishes: Parameters<typeof planUninstall>[1]): readonly string[] =>
    planUninstall(PLACES, wishes).flatMap((step) => (step.kind === 'remove' ? [step.path] : []));
  const program = 'C:\\Program Files\\Usher';
  assert.equal(removed(KEEPING), [program]);
  assert.equal(removed({ ...KEEPING, purge: true }), [PLACES.data, program]);
  assert.equal(removed({ ...KEEPING, keepProgram: true }), []);
  const [stop, remove] = kinds(planUninstall(PLACES, KEEPING));
  assert.equal([stop, remove], ['stop-service', 'delete-service']);
});

test('every step is told in a sentence', () => {
  const steps = [
    ...planInstall(PLACES, { openFirewall: true, isLeftStopped: false }),
    ...planUninstall(PLACES, { purge: true, keepProgram: false }),
  ];
  for (const step of steps) assert.match(describeStep(step), /^[A-Z].{10,}/);
});

/** Words as Windows programs part a command line: the rules of CommandLineToArgvW. */
const partWords = (line: string): readonly string[] => {
  const words: string[] = [];
  let [word, isQuoted, isOpen] = ['', false, false];
  for (let at = 0; at < line.length; ) {
    const [slashes = ''] = /^\\*/.exec(line.slice(at)) ?? [];
    const next = line[at + slashes.length];
    at += slashes.length;
    word += next === '"' ? '\\'.repeat(Math.floor(slashes.length / 2)) : slashes;
    isOpen ||= slashes !== '';
    if (next === undefined) break;
    at += 1;
    if (next === '"' && slashes.length % 2 === 1) word += '"';
    else if (next === '"') [isQuoted, isOpen] = [!isQuoted, true];
    else if (/\s/.test(next) && !isQuoted) {
      if (isOpen) words.push(word);
      [word, isOpen] = ['', false];
      continue;
    } else word += next;
    isOpen = true;
  }
  return isOpen ? [...words, word] : words;
};

test('what is quoted is read back the same', () => {
  const word = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\t', 'é'), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(word), (words) => {
      assert.equal(partWords(words.map(quoteWord).join(' ')), words);
    }),
  );
});

test('a data folder that ends in a backslash does not swallow what follows', () => {
  const { commandLine } = defineService('C:\\u.exe', 'D:\\my data\\');
  assert.is(commandLine, '"C:\\u.exe" serve --service --data "D:\\my data\\\\"');
  assert.is(toCommandLine('C:\\u.exe', ['']), '"C:\\u.exe" ""');
});

test.run();
