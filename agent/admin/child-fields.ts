/** Operations on child licenses as they come in: everything bounded, nothing trusted. */

import type { ChildPool } from '../../protocol/child-license.ts';
import type { ChildrenTerms } from '../../protocol/license.ts';
import {
  CHILDREN_DEPTH_MAX,
  CHILDREN_MAX,
  HOST_TEXT_MAX,
  PASTE_MAX,
  POOLS_MAX,
  SEATS_MAX,
  STAGES_MAX,
  TERM_MAX,
  TERM_MIN,
  URL_MAX,
} from '../../protocol/limits.ts';
import type { Stage } from '../../protocol/stages.ts';
import { type EpochSeconds, epochSeconds } from '../../protocol/units.ts';
import type { ChildOperation } from '../core/operations.ts';
import type { OperationFields } from './operation-fields.ts';

const UINT32_MAX = 0xffff_ffff;

/** The operation, or `undefined` where it is none on child licenses. */
export const readChildOperation = (fields: OperationFields): ChildOperation | undefined => {
  const { kind } = fields;
  switch (kind) {
    case 'child-list':
      return { kind };
    case 'child-show':
    case 'child-suspend':
    case 'child-resume':
    case 'child-remove':
    case 'child-block':
      return { kind, id: fields.text('id') };
    case 'child-answer':
      return { kind, text: fields.paste('text', PASTE_MAX) };
    case 'child-create': {
      const wish = fields.nested('wish');
      const hostCode = wish.optional('hostCode', (name) => wish.paste(name, HOST_TEXT_MAX));
      const read = { ...readChange(wish), silent: wish.flag('silent'), hostCode };
      fields.and(wish);
      return { kind, license: fields.id('license'), account: fields.text('account'), wish: read };
    }
    case 'child-update': {
      const change = fields.nested('change');
      const read = readChange(change);
      fields.and(change);
      return { kind, id: fields.text('id'), change: read };
    }
    default:
      return undefined;
  }
};

const readChange = (fields: OperationFields) => ({
  parent: fields.optional('parent', (name) => fields.text(name, URL_MAX)),
  longest: fields.optional('longest', (name) => fields.uint(name, TERM_MIN, TERM_MAX)),
  children: fields.optional('children', (name) => readChildren(fields, name)),
  pools: fields.records('pools', POOLS_MAX, readPool),
  expires: fields.optional('expires', (name) => dateOf(fields, name)),
});

const dateOf = (fields: OperationFields, name: string): EpochSeconds =>
  epochSeconds(fields.uint(name, 0, UINT32_MAX));

const readChildren = (fields: OperationFields, name: string): ChildrenTerms => {
  const terms = fields.nested(name);
  const read = {
    most: terms.uint('most', 1, CHILDREN_MAX),
    depth: terms.uint('depth', 1, CHILDREN_DEPTH_MAX),
  };
  fields.and(terms);
  return read;
};

const readPool = (pool: OperationFields): ChildPool => ({
  class: pool.name('class'),
  seats: pool.uint('seats', 0, SEATS_MAX),
  stages: pool.records('stages', STAGES_MAX, readStage),
});

const readStage = (stage: OperationFields): Stage => ({
  from: dateOf(stage, 'from'),
  until: stage.optional('until', (name) => dateOf(stage, name)),
  seats: stage.uint('seats', 0, SEATS_MAX),
});
