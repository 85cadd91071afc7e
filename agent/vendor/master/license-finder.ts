/** Finds licenses and shows them, to each caller what is its own. */

import { armor } from '../../../protocol/armor.ts';
import { keyId, type LicenseId } from '../../../protocol/ids.ts';
import type { License } from '../../../protocol/license.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { CALENDAR_TOLERANCE } from '../../../protocol/proof.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import { placesOf } from './activation-ruling.ts';
import type { IssuedLicense } from './issued-license.ts';
import type { MasterBook } from './master-book.ts';
import type {
  ActivationView,
  Caller,
  LicenseSearch,
  LicenseState,
  LicenseSummary,
  Page,
  PetitionView,
  TermsView,
} from './master-operations.ts';
import { type Listed, listed } from './paging.ts';
import type { Decision, Petition } from './petition.ts';
import type { Place } from './place.ts';

export class LicenseFinder {
  readonly #book: MasterBook;
  readonly #primitives: Primitives;

  constructor(book: MasterBook, primitives: Primitives) {
    this.#book = book;
    this.#primitives = primitives;
  }

  /** A license, where the caller may know of it. */
  one(id: LicenseId, caller: Caller): IssuedLicense | undefined {
    const issued = this.#book.licenses.get(id);
    return issued !== undefined && mayKnow(issued, caller) ? issued : undefined;
  }

  /** Those that fit, the newest first. */
  find(
    search: LicenseSearch,
    page: Page | undefined,
    caller: Caller,
    now: EpochSeconds,
  ): Listed<IssuedLicense> {
    const found: IssuedLicense[] = [];
    for (const issued of this.#book.licenses.values()) {
      if (mayKnow(issued, caller) && this.#fits(issued, search, now)) found.push(issued);
    }
    return listed(found, ({ signed }) => signed.license.issued, page);
  }

  /** Their texts, one after the other. */
  text(issued: readonly IssuedLicense[]): string {
    return issued.map(({ signed }) => armor('license', signed.bytes, this.#primitives)).join('\n');
  }

  /** The texts of those that are worth something. */
  export(search: LicenseSearch, caller: Caller, now: EpochSeconds): string {
    const { rows } = this.find(search, undefined, caller, now);
    return this.text(rows.filter((one) => stateOf(one, now) === 'active'));
  }

  summary(issued: IssuedLicense, now: EpochSeconds): LicenseSummary {
    const { license } = issued.signed;
    const { id, product, type, pools, starts, expires } = license;
    const { customer, reason, policy, project, successor, expands } = issued;
    const active = this.#book
      .placesOf(id)
      .filter((place) => placeState(place, now) === 'active').length;
    return {
      id,
      product,
      type,
      customerName: license.customer,
      customer,
      state: stateOf(issued, now),
      reason,
      policy,
      pools,
      issued: license.issued,
      starts,
      expires,
      agents: license.activation === null ? 0 : placesOf(issued),
      active,
      project,
      successor,
      expands,
    };
  }

  /** Everything that it says, and where it is active. */
  whole(issued: IssuedLicense, caller: Caller, now: EpochSeconds) {
    const { id } = issued.signed.license;
    const search = { license: id, text: '' };
    return {
      kind: 'license' as const,
      license: this.summary(issued, now),
      terms: termsView(issued.signed.license),
      text: this.text([issued]),
      activations: this.activations(search, undefined, caller, now).rows,
    };
  }

  /** Of one license or of all, those that were heard of last first. */
  activations(
    { license, text }: { readonly license: LicenseId | null; readonly text: string },
    page: Page | undefined,
    caller: Caller,
    now: EpochSeconds,
  ): Listed<ActivationView> {
    const places = license === null ? this.#book.places.values() : this.#book.placesOf(license);
    const found: Place[] = [];
    for (const place of places) {
      const issued = this.one(place.license, caller);
      if (issued !== undefined && isAbout(place, issued, text)) found.push(place);
    }
    const { rows, total } = listed(found, ({ seen }) => seen, page);
    return { rows: rows.flatMap((place) => this.#activation(place, now)), total };
  }

  #activation(place: Place, now: EpochSeconds): readonly ActivationView[] {
    const issued = this.#book.licenses.get(place.license);
    if (issued === undefined) return [];
    const { license, agent, hostName, version, ends, since, seen } = place;
    const { product, customer: customerName } = issued.signed.license;
    const state = placeState(place, now);
    const name = this.agentName(agent);
    const facts = { hostName, version, state, ends, since, seen };
    return [{ license, product, customerName, agent: name, ...facts }];
  }

  /** Those that were asked last first. */
  petitions(decision: Decision | null, page: Page | undefined): Listed<PetitionView> {
    const found: Petition[] = [];
    for (const petition of this.#book.petitions.values()) {
      const isKnown = this.#book.licenses.get(petition.license) !== undefined;
      if (isKnown && (decision === null || petition.decision === decision)) found.push(petition);
    }
    const { rows, total } = listed(found, ({ asked }) => asked, page);
    return { rows: rows.flatMap((one) => this.#petition(one)), total };
  }

  #petition(petition: Petition): readonly PetitionView[] {
    const issued = this.#book.licenses.get(petition.license);
    if (issued === undefined) return [];
    const { product, customer: customerName } = issued.signed.license;
    return [{ ...petition, agent: this.agentName(petition.agent), product, customerName }];
  }

  /** How people see an agent's key. */
  agentName(key: Uint8Array): string {
    return keyId(this.#primitives.sha512, key);
  }

  #fits(issued: IssuedLicense, search: LicenseSearch, now: EpochSeconds): boolean {
    const { id, product, customer } = issued.signed.license;
    const text = search.text ?? '';
    return (
      (text === '' ||
        id.startsWith(text.toLowerCase()) ||
        [product, customer, issued.project].some((one) => holdsText(one, text))) &&
      (search.number === null || id.startsWith(search.number.toLowerCase())) &&
      (search.product === null || holdsText(product, search.product)) &&
      (search.state === null || fitsState(stateOf(issued, now), search.state)) &&
      (search.customer === null ||
        issued.customer === search.customer ||
        holdsText(customer, search.customer))
    );
  }
}

const fitsState = (state: LicenseState, wanted: LicenseState | 'current'): boolean =>
  wanted === 'current' ? state !== 'superseded' : state === wanted;

const holdsText = (text: string, part: string): boolean =>
  text.toLowerCase().includes(part.toLowerCase());

const isAbout = ({ hostName, license }: Place, { signed }: IssuedLicense, text: string): boolean =>
  text === '' ||
  license.startsWith(text.toLowerCase()) ||
  [hostName, signed.license.product, signed.license.customer].some((one) => holdsText(one, text));

/** A license as people read it. */
export const termsView = ({ hostCode, ...terms }: Omit<License, 'id'>): TermsView => ({
  ...terms,
  isForOneHost: hostCode !== null,
});

const mayKnow = ({ customer }: IssuedLicense, caller: Caller): boolean =>
  caller.customer === null || caller.customer === customer;

const stateOf = ({ state, successor, signed }: IssuedLicense, now: EpochSeconds): LicenseState => {
  if (state === 'revoked') return state;
  if (successor !== null) return 'superseded';
  const { expires } = signed.license;
  return expires !== null && now >= expires ? 'expired' : state;
};

const placeState = ({ state, ends }: Place, now: EpochSeconds): ActivationView['state'] =>
  state === 'active' && ends !== null && now >= ends + CALENDAR_TOLERANCE ? 'lapsed' : state;
