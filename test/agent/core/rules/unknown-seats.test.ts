import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { unknownSeats } from '../../../../agent/core/rules/unknown-seats.ts';
import { rulesOf } from './rules-rig.ts';

const unknown = suite('unknown seats');

unknown('rules on seats that no license has are told, with the likely name', () => {
  const rules = rulesOf(
    'group lab = user a',
    'limit 1 cad for each user',
    'limit 1 acd for each user',
    'limit 1 Cad for each user',
    'limit 1 other for each user',
    'limit 1 cad/dev for each user',
    'limit 1 cad/dve for each user',
    'limit 1 everything for each user',
  );
  const licensed = new Map([['cad', ['dev', 'generic']]]);
  assert.equal(
    unknownSeats(rules, licensed).map(({ line, sentence }) => `${line}: ${sentence}`),
    [
      '3: No license here is for acd: the rule does nothing until one is. Did you mean "cad"?',
      '4: No license here is for Cad: the rule does nothing until one is. Did you mean "cad"?',
      '5: No license here is for other: the rule does nothing until one is.',
      '7: No license of cad has the class dve: the rule does nothing until one has. Did you mean "dev"?',
    ],
  );
});

unknown.run();
