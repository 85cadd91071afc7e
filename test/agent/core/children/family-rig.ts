/** A vendor, a parent and its children on a bench: calls go from one to the other by hand. */

import type { ChildWish } from '../../../../agent/core/children/child-operations.ts';
import type { Effect } from '../../../../agent/core/effects.ts';
import { signActivation } from '../../../../protocol/activation.ts';
import { openActivationRequest } from '../../../../protocol/activation-request.ts';
import { signActivationResponse } from '../../../../protocol/activation-response.ts';
import { armor, dearmor } from '../../../../protocol/armor.ts';
import type { License } from '../../../../protocol/license.ts';
import { hashDocument } from '../../../../protocol/signed-document.ts';
import { openLicense } from '../../../../protocol/signed-license.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { ACTIVATION_TERMS, plainPool } from '../../../plain-license.ts';
import { swiftPrimitives } from '../../../simulation/swift-primitives.ts';
import { armored, makeLicense, VENDOR } from '../agent-rig.ts';
import { DeskRig } from '../desk-rig.ts';
import { StoreModel } from '../store-model.ts';

const PARENT_URL = 'http://parent.example.com:24711';

/** A wish with nothing unusual about it but what `changes` says. */
export const wishOf = (seats: number, changes: Partial<ChildWish> = {}): ChildWish => ({
  parent: PARENT_URL,
  longest: null,
  children: null,
  silent: false,
  hostCode: null,
  pools: [{ class: 'generic', seats, stages: [] }],
  expires: null,
  ...changes,
});

/** The license of a parent, activated on its agent, as an agent's only one. */
export const startParent = (seats: number, terms: Partial<License> = {}): DeskRig => {
  const desk = new DeskRig(new StoreModel(), 1, 40);
  const license = makeLicense(1, {
    pools: [plainPool(seats)],
    activation: ACTIVATION_TERMS,
    children: { most: 10, depth: 4 },
    ...terms,
  });
  desk.done({ kind: 'license-add', text: armored(license) });
  activate(desk, license);
  return desk;
};

/** As a vendor would: by files. */
export const activate = (desk: DeskRig, license: Uint8Array): void => {
  const { requests } = desk.done({ kind: 'license-request', ids: [] });
  const [block] = dearmor('request', requests[0]?.text ?? '', swiftPrimitives);
  const opened = block?.ok ? openActivationRequest(block.value, swiftPrimitives) : undefined;
  const signed = openLicense(license, swiftPrimitives);
  if (!opened?.ok || !signed.ok) throw new Error('no request');
  const { request, agent } = opened.value;
  const issued = epochSeconds(desk.rig.wall);
  const activation = signActivation(
    {
      license: signed.value.license.id,
      licenseHash: hashDocument(license, swiftPrimitives),
      agent,
      host: request.host,
      number: 1,
      issued,
      until: null,
      nonce: request.nonce,
    },
    VENDOR,
    swiftPrimitives,
  );
  const response = signActivationResponse(
    {
      nonce: request.nonce,
      signingKey: agent.signingKey,
      issued,
      documents: [activation],
      refusals: [],
    },
    VENDOR,
    swiftPrimitives,
  );
  if (response === undefined) throw new Error('too long');
  desk.done({ kind: 'license-response', text: armor('response', response, swiftPrimitives) });
};

/** The agent of a client, which has what its parent gave it and has not called. */
export const startChild = (text: string, secret: number): DeskRig => {
  const desk = new DeskRig(new StoreModel(), 1, secret);
  desk.done({ kind: 'license-add', text });
  return desk;
};

/** Has a child ask its parent; what the parent says reaches it unless `isLost`. */
export const call = (
  child: DeskRig,
  parent: DeskRig,
  kind: 'license-activate' | 'license-refresh' = 'license-refresh',
  isLost = false,
): readonly Effect[] => {
  const operation =
    kind === 'license-activate'
      ? ({ kind, ids: [], credentials: null } as const)
      : ({ kind, ids: [] } as const);
  return pass(child.settle(child.rig.operate(operation)), child, parent, isLost);
};

/** Answers what is asked of the parent among the effects; all effects at the child. */
export const pass = (
  effects: readonly Effect[],
  child: DeskRig,
  parent: DeskRig,
  isLost = false,
): readonly Effect[] => {
  const all = [...effects];
  for (const asked of effects.filter((effect) => effect.kind === 'ask-master')) {
    const heard = parent.rig.step({ kind: 'child-called', number: 7, body: asked.body });
    const answers = parent.settle(heard).filter((effect) => effect.kind === 'parent-answers');
    const [answered] = answers;
    if (answered === undefined || answers.length > 1) throw new Error('not one answer');
    const { answer } = answered;
    const heardBack = isLost
      ? ({ ok: false, code: 'unreachable', sentence: 'Lost.', version: null } as const)
      : ({ ...answer, version: null } as const);
    const event = { kind: 'master-answered', number: asked.number, answer: heardBack } as const;
    all.push(...pass(child.settle(child.rig.step(event)), child, parent, isLost));
  }
  return all;
};

/** Lets time pass on all of them, a step at a time. */
export const wait = (seconds: number, ...desks: readonly DeskRig[]): void => {
  for (const desk of desks) {
    desk.rig.wall += seconds;
    desk.rig.now += seconds * 1000;
    desk.settle(desk.rig.step({ kind: 'wake' }));
  }
};
