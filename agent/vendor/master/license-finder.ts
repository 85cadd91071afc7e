/** Finds licenses and shows them, to each caller what is its own. */

import { armor } from '../../../protocol/armor.ts';
import { keyId, type LicenseId } from '../../../protocol/ids.ts';
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
  PetitionView,
} from './master-operations.ts';
import type { Decision } from './petition.ts';
import type { Place } from './place.ts';

/** Rows of one answer. */
const ROWS_MAX = 5000;

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

  find(search: LicenseSearch, caller: Caller, now: EpochSeconds): readonly IssuedLicense[] {
    const found: IssuedLicense[] = [];
    for (const issued of this.#book.licenses.values()) {
      if (found.length >= ROWS_MAX) break;
      if (mayKnow(issued, caller) && this.#fits(issued, search, now)) found.push(issued);
    }
    return found;
  }

  /** Their texts, one after the other. */
  text(issued: readonly IssuedLicense[]): string {
    return issued.map(({ signed }) => armor('license', signed.bytes, this.#primitives)).join('\n');
  }

  /** The texts of those that are worth something. */
  export(search: LicenseSearch, caller: Caller, now: EpochSeconds): string {
    const found = this.find(search, caller, now);
    return this.text(found.filter((one) => stateOf(one, now) === 'active'));
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

  activations(license: LicenseId | null, caller: Caller, now: EpochSeconds): ActivationView[] {
    const places = license === null ? this.#book.places.values() : this.#book.placesOf(license);
    const views: ActivationView[] = [];
    for (const place of places) {
      const issued = this.one(place.license, caller);
      if (issued === undefined || views.length >= ROWS_MAX) continue;
      const { agent, hostName, version, ends, since, seen } = place;
      const { product, customer } = issued.signed.license;
      views.push({
        license: place.license,
        product,
        customerName: customer,
        agent: this.agentName(agent),
        hostName,
        version,
        state: placeState(place, now),
        ends,
        since,
        seen,
      });
    }
    return views;
  }

  petitions(decision: Decision | null): PetitionView[] {
    const views: PetitionView[] = [];
    for (const petition of this.#book.petitions.values()) {
      const issued = this.#book.licenses.get(petition.license);
      if (issued === undefined || views.length >= ROWS_MAX) continue;
      if (decision !== null && petition.decision !== decision) continue;
      const { product, customer } = issued.signed.license;
      const agent = this.agentName(petition.agent);
      views.push({ ...petition, agent, product, customerName: customer });
    }
    return views;
  }

  /** How people see an agent's key. */
  agentName(key: Uint8Array): string {
    return keyId(this.#primitives.sha512, key);
  }

  #fits(issued: IssuedLicense, search: LicenseSearch, now: EpochSeconds): boolean {
    const { id, product, customer } = issued.signed.license;
    return (
      (search.number === null || id.startsWith(search.number.toLowerCase())) &&
      (search.product === null || holdsText(product, search.product)) &&
      (search.state === null || stateOf(issued, now) === search.state) &&
      (search.customer === null ||
        issued.customer === search.customer ||
        holdsText(customer, search.customer))
    );
  }
}

const holdsText = (text: string, part: string): boolean =>
  text.toLowerCase().includes(part.toLowerCase());

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
