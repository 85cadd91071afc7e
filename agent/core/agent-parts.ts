/** Puts the parts of an agent together: who decides on what is seen here, and nowhere else. */

import { agentSigningKeys } from '../../protocol/borrow-token.ts';
import { EPOCH_SIZE, KEY_SIZE, NAME_MAX } from '../../protocol/limits.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import { assert } from '../../protocol/result.ts';
import { ActivationDesk, type ActivationDeskParts } from './activation/activation-desk.ts';
import { ActivationLedger } from './activation/activation-ledger.ts';
import {
  ActivationRequests,
  type ActivationRequestsParts,
} from './activation/activation-requests.ts';
import { MasterCalls, type MasterCallsParts } from './activation/master-calls.ts';
import { ReturnHold } from './activation/return-hold.ts';
import { ChangeQueue } from './change-queue.ts';
import { ChildCounter } from './children/child-counter.ts';
import { ChildLedger } from './children/child-ledger.ts';
import { ChildMaker } from './children/child-maker.ts';
import { ChildWord, type ChildWordParts } from './children/child-word.ts';
import { CommitQueue } from './commit-queue.ts';
import { Counters } from './counters.ts';
import { Reach } from './discovery/reach.ts';
import { TwinWatch } from './discovery/twin-watch.ts';
import { FormerSite } from './former-site.ts';
import type { KeptHost } from './host/host-identity.ts';
import { HostKeeper } from './host/host-keeper.ts';
import type { HostMark } from './host/host-mark.ts';
import { HostWatch } from './host/host-watch.ts';
import type { HostCase } from './host/judged-host.ts';
import { EndingWatch } from './licenses/ending-watch.ts';
import { LicenseClerk } from './licenses/license-clerk.ts';
import { LicenseJudge } from './licenses/license-judge.ts';
import { LicenseShelf } from './licenses/license-shelf.ts';
import { LicenseViewer, type LicenseViewerParts } from './licenses/license-viewer.ts';
import { RemovedLicenses } from './licenses/removed-licenses.ts';
import { TrialLedger } from './licenses/trial-ledger.ts';
import { DrawCounter } from './meters/draw-counter.ts';
import { MeterLedger } from './meters/meter-ledger.ts';
import { Operator } from './operator.ts';
import { Preferences } from './preferences.ts';
import { ResourceListing } from './resources/resource-listing.ts';
import { ResourceRegister } from './resources/resource-register.ts';
import { parseRules } from './rules/parse-rules.ts';
import { RuleBook } from './rules/rule-book.ts';
import { NO_RULES } from './rules/rules.ts';
import { Allowance } from './seats/allowance.ts';
import { BorrowCounter } from './seats/borrow-counter.ts';
import { BorrowTerms } from './seats/borrow-terms.ts';
import { LeaseBook } from './seats/lease-book.ts';
import { Lending } from './seats/lending.ts';
import { LendingGate } from './seats/lending-gate.ts';
import { PlaceTickets } from './seats/place-tickets.ts';
import { Renewing } from './seats/renewing.ts';
import { Roster } from './seats/roster.ts';
import { SeatClaims } from './seats/seat-claims.ts';
import { SeatCounter } from './seats/seat-counter.ts';
import { SeatDesk } from './seats/seat-desk.ts';
import { WaitQueue } from './seats/wait-queue.ts';
import { WaitingRoom } from './seats/waiting-room.ts';
import { AddressCookie } from './sessions/address-cookie.ts';
import { IDLE_SESSIONS_MAX, Listener } from './sessions/listener.ts';
import { Responder } from './sessions/responder.ts';
import { SessionTable } from './sessions/session-table.ts';
import { Speaker } from './sessions/speaker.ts';
import { StrangerGate } from './sessions/stranger-gate.ts';
import type { SharingTables, SiteMaking } from './site/site-making.ts';
import { DeadlineHeap } from './tables/deadline-heap.ts';
import { WallGuard } from './wall-guard.ts';

const INDEX_SEED_SIZE = 16;
const INDEX_SEED_AT = EPOCH_SIZE + KEY_SIZE;
/** Fresh random bytes that an agent needs each time it starts. */
export const SEED_SIZE = EPOCH_SIZE + KEY_SIZE + INDEX_SEED_SIZE + KEY_SIZE;

export interface AgentOptions {
  /** Shown to people in discovery. */
  readonly name: string;
  readonly version: string;
  readonly primitives: Primitives;
  /** The agent's X25519 secret, 32 bytes, the same for the life of its store. */
  readonly secret: Uint8Array;
  /** `SEED_SIZE` random bytes, never the same twice. */
  readonly seed: Uint8Array;
  /** Vendors whose licenses are taken; `null` for all. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  /** By what its computer is told, as it was kept; by default the one that it sees first. */
  readonly keptHost?: KeptHost;
  /** Hosts that are refused here, whatever a license allows. */
  readonly refuseHosts?: readonly HostCase[];
  /** What was found of licenses on this computer outside the data folder. */
  readonly marks?: readonly HostMark[];
  /** It is a member of a site, and shares its seats by a register. Others load nothing of that. */
  readonly site?: SiteMaking;
  /** Sessions without a lease that are remembered at a time. */
  readonly idleSessionsMax?: number;
}

/** Who is of no site has none of them. */
const UNSHARED: Readonly<Record<keyof SharingTables, undefined>> = {
  moved: undefined,
  covered: undefined,
  blocks: undefined,
  limits: undefined,
  reserves: undefined,
  named: undefined,
  loans: undefined,
  charter: undefined,
  editions: undefined,
};

/** What an agent knows: tables and ledgers that decide nothing by themselves. */
const makeLedgers = (options: AgentOptions, agentKey: Uint8Array) => {
  const { primitives, name, vendorKeys, refuseHosts = [], seed, keptHost = 'new' } = options;
  const { sha512 } = primitives;
  const claims = new SeatClaims();
  const trials = new TrialLedger();
  const commits = new CommitQueue();
  const children = new ChildLedger();
  const hosts = new HostKeeper({ kept: keptHost, agentKey, sha512 });
  const signingKeys = agentSigningKeys(options.secret, primitives);
  const activations = new ActivationLedger({
    primitives,
    agent: {
      get signingKey() {
        return signingKeys.publicKey;
      },
      boxKey: agentKey,
    },
    marks: options.marks ?? [],
  });
  const book = new LeaseBook(claims);
  const sessions = new SessionTable(seed.slice(INDEX_SEED_AT, INDEX_SEED_AT + INDEX_SEED_SIZE));
  const rules = new RuleBook(NO_RULES, options.site?.parseRules ?? parseRules);
  const preferences = new Preferences({ name, vendorKeys, refuseHosts });
  const sharing = options.site?.share({
    agentKey,
    ...{ sessions, book, claims, rules, preferences, primitives, commits },
  });
  const shared: SharingTables | typeof UNSHARED = sharing?.tables ?? UNSHARED;
  const isOfSite = sharing !== undefined;
  return {
    ...shared,
    sharing,
    claims,
    trials,
    hosts,
    signingKeys,
    activations,
    removed: new RemovedLicenses(primitives),
    judge: new LicenseJudge(trials, hosts, activations, isOfSite),
    gate: new LendingGate(),
    book,
    deadlines: new DeadlineHeap(),
    commits,
    changes: new ChangeQueue(commits),
    counters: new Counters(),
    children,
    shelf: new LicenseShelf(primitives, children, shared.blocks),
    sessions,
    queue: new WaitQueue<number>(),
    returns: new ReturnHold(),
    isOfSite,
    formerSite: new FormerSite(),
    rules,
    roster: new Roster(),
    resources: new ResourceRegister(),
    meters: new MeterLedger(),
    wallGuard: new WallGuard(),
    watch: new HostWatch(refuseHosts),
    preferences,
  };
};

type LicensingParts = Omit<ActivationRequestsParts, 'seed' | 'words'> &
  ChildWordParts &
  LicenseViewerParts &
  Omit<MasterCallsParts, 'viewer' | 'requests'> &
  Omit<ActivationDeskParts, 'viewer' | 'requests' | 'calls'>;

/** Who activates licenses, and looks after that. */
const makeLicensing = (parts: LicensingParts, fresh: Uint8Array) => {
  const seed = fresh.slice(-KEY_SIZE);
  const words = new ChildWord(parts);
  const requests = new ActivationRequests({ ...parts, seed, words });
  const viewer = new LicenseViewer(parts);
  const calls = new MasterCalls({ ...parts, requests, viewer });
  const activationDesk = new ActivationDesk({ ...parts, requests, viewer, calls });
  const endings = new EndingWatch(parts);
  const clerk = new LicenseClerk({ ...parts, seed, activationDesk, calls, endings, words });
  return { requests, viewer, calls, activationDesk, endings, clerk };
};

export type AgentParts = ReturnType<typeof makeParts>;

/** Everything an agent is made of. */
export const makeParts = (options: AgentOptions) => {
  const { name, version, primitives, secret, seed } = options;
  assert(seed.length === SEED_SIZE && secret.length === KEY_SIZE, 'agent: entropy sizes');
  assert(name.length <= NAME_MAX, 'agent: a name that no offer can carry');
  const keys = primitives.agreementKeys(secret);
  const ledgers = makeLedgers(options, keys.publicKey);
  const epoch = seed.slice(0, EPOCH_SIZE);
  const known = {
    ...ledgers,
    version,
    primitives,
    epoch,
    keys,
    twins: new TwinWatch({
      agentKey: keys.publicKey,
      epoch,
      seed: seed.slice(-KEY_SIZE),
      sha512: primitives.sha512,
    }),
    reach: new Reach(),
    idleSessionsMax: options.idleSessionsMax ?? IDLE_SESSIONS_MAX,
    tickets: new PlaceTickets(secret, primitives),
    cookies: new AddressCookie(seed.slice(EPOCH_SIZE, EPOCH_SIZE + KEY_SIZE), primitives),
    strangers: new StrangerGate(),
  };
  const speaker = new Speaker(known);
  const renewing = new Renewing(known);
  const lendingParts = { ...known, renewing, terms: new BorrowTerms(known) };
  const lending = new Lending(lendingParts);
  const waiting = new WaitingRoom(lendingParts, lending);
  const { sharing } = known;
  const site = sharing?.makeSite({ ...lendingParts, lending, waiting }, seed);
  const seats = new SeatCounter({ ...lendingParts, speaker, lending, waiting, site });
  const allowance = new Allowance({ ...known, lending, seats });
  const licenseCharter = sharing?.makeLicenseCharter({ ...known, allowance });
  const maker = new ChildMaker(known);
  const childCounter = new ChildCounter({ ...known, maker, allowance });
  const counted = { ...lendingParts, speaker, lending, waiting, site, seats, allowance };
  const seatDesk = new SeatDesk(counted);
  const userCharter = sharing?.makeUserCharter({ ...counted, seatDesk });
  const resourceCharter = sharing?.makeResourceCharter(counted);
  const charters = { licenseCharter, userCharter, resourceCharter };
  const parts = { ...counted, ...charters, maker, childCounter, seatDesk };
  const licensing = makeLicensing(parts, seed);
  const responder = new Responder({
    ...parts,
    borrowing: new BorrowCounter(parts),
    drawing: new DrawCounter(parts),
    listing: new ResourceListing(parts),
  });
  return {
    ...parts,
    ...licensing,
    listener: new Listener({ ...parts, responder }),
    operator: new Operator({ ...parts, ...licensing }),
  };
};
