/** Does what an administrator asks of resources: registering them and activating licenses for them. */

import { foldCase } from '../../../protocol/fold-case.ts';
import { ANY_RESOURCE } from '../../../protocol/license.ts';
import { unreachable } from '../../../protocol/result.ts';
import type { Asked, Change, ChangeQueue } from '../change-queue.ts';
import type { TableCharter } from '../charter/table-charter.ts';
import { findLicense } from '../licenses/license-desk.ts';
import type { LicenseShelf, ShelvedLicense } from '../licenses/license-shelf.ts';
import { type Operation, type Outcome, type ResourceView, refuseOperation } from '../operations.ts';
import type { Lending } from '../seats/lending.ts';
import type { Situation } from '../situation.ts';
import { type MakePlan, makeHere, type TablePlan } from '../table-plan.ts';
import type {
  Resource,
  ResourceChange,
  ResourceFault,
  ResourceRegister,
  ResourcesAfter,
} from './resource-register.ts';

export interface ResourceDeskParts {
  readonly shelf: LicenseShelf;
  readonly resources: ResourceRegister;
  readonly lending: Lending;
  readonly changes: ChangeQueue;
  /** Where several agents are one site, whose resources are the same on each. */
  readonly resourceCharter: TableCharter<ResourcesAfter> | undefined;
}

export type ResourceOperation = Extract<Operation, { kind: `resource-${string}` }>;
type ResourcePlan = TablePlan<ResourcesAfter>;
type Activate = Extract<Operation, { kind: 'resource-activate' }>;
type Add = Extract<Operation, { kind: 'resource-add' }>;

export class ResourceDesk {
  readonly #parts: ResourceDeskParts;

  constructor(parts: ResourceDeskParts) {
    this.#parts = parts;
  }

  /** The outcome, or `undefined` when it is among the effects after a commit. */
  perform(asked: Asked, operation: ResourceOperation, situation: Situation): Outcome | undefined {
    const { resources } = this.#parts;
    switch (operation.kind) {
      case 'resource-list': {
        const views = resources.list().map((one) => this.#view(one));
        return { kind: 'resource-list', resources: views };
      }
      case 'resource-add':
        return this.#change(asked, (later) => this.#add(operation, later), situation);
      case 'resource-activate':
        return this.#change(asked, () => this.#activate(operation), situation);
      case 'resource-remove':
        return this.#change(asked, () => this.#remove(operation.name), situation);
      default:
        return unreachable(operation);
    }
  }

  #add({ names, customer }: Add, { at }: Situation): ResourcePlan | Outcome {
    const plan = this.#parts.resources.add(names, customer, at.wall);
    if (!plan.ok) return refuse(plan.error);
    return this.#plan(plan.value, false, (resources) => ({ kind: 'resource-add', resources }));
  }

  #activate({ name, license: id, customer }: Activate): ResourcePlan | Outcome {
    const { shelf, resources } = this.#parts;
    const found = findLicense(shelf, id);
    if (!found.ok) return found.error;
    const refused = refuseLicense(found.value, name);
    if (refused !== undefined) return refuseOperation('other-resource', refused);
    const plan = resources.activate(name, found.value.license.id, customer);
    if (!plan.ok) return refuse(plan.error);
    return this.#plan(plan.value, false, ([resource]) =>
      resource === undefined
        ? refuse({ code: 'unknown', name })
        : { kind: 'resource-activate', resource },
    );
  }

  #remove(name: string): ResourcePlan | Outcome {
    const plan = this.#parts.resources.remove(name);
    if (!plan.ok) return refuse(plan.error);
    return this.#plan(plan.value, true, ([resource]) =>
      resource === undefined
        ? refuse({ code: 'unknown', name })
        : { kind: 'resource-remove', resource },
    );
  }

  #change(asked: Asked, plan: MakePlan<ResourcesAfter>, situation: Situation): Outcome | undefined {
    const { changes, resourceCharter } = this.#parts;
    if (resourceCharter !== undefined) return resourceCharter.perform(asked, plan, situation);
    return makeHere(changes, asked, plan, situation);
  }

  #plan(
    { writes, onFailure, resources }: ResourceChange,
    isRemoval: boolean,
    answer: (views: readonly ResourceView[]) => Outcome,
  ): ResourcePlan {
    const apply = (): Outcome => {
      const views = resources.map((one) => this.#view(one));
      this.#parts.resources.apply(writes);
      // There are seats for whoever waits for one of this resource.
      this.#parts.lending.seatsChanged();
      return answer(views);
    };
    const after = isRemoval ? { put: [], gone: resources } : { put: resources, gone: [] };
    const change = (): Change => ({ kind: 'change', writes, onFailure, apply });
    return { kind: 'plan', after, isEmpty: writes.length === 0, change };
  }

  #view({ name, customer, added, licenses }: Resource): ResourceView {
    const pools = licenses.flatMap((id) => this.#parts.shelf.get(id)?.pools ?? []);
    const lent = pools.reduce((sum, pool) => sum + pool.lent, 0);
    const seats = pools.reduce((sum, pool) => sum + pool.licensed, 0);
    return { name, customer, added, licenses, lent, seats };
  }
}

/** Why a license cannot be activated for a resource of this name. */
const refuseLicense = ({ license }: ShelvedLicense, name: string): string | undefined => {
  const { id, resource } = license;
  if (resource === null) {
    return `License ${id} is tied to no database or project: it lends without being activated for one.`;
  }
  if (resource === ANY_RESOURCE || foldCase(resource) === foldCase(name)) return undefined;
  return `License ${id} is for ${resource} only: the vendor has tied it to that.`;
};

const refuse = (fault: ResourceFault): Outcome => {
  switch (fault.code) {
    case 'duplicate':
      return refuseOperation('exists', `${fault.name} is registered already, or was named twice.`);
    case 'unknown': {
      const detail = `No resource is named ${fault.name}: register it with \`usher resource add\`.`;
      return refuseOperation('no-match', detail);
    }
    case 'license-taken': {
      const detail = `The license is activated for ${fault.by}: it can be for another one when that is removed.`;
      return refuseOperation('other-resource', detail);
    }
    case 'full': {
      const detail = `An agent keeps ${fault.most} of them: remove some with \`usher resource remove\`.`;
      return refuseOperation('too-many', detail);
    }
    default:
      return unreachable(fault);
  }
};
