/** What the sessions of one connection share: a socket, a clock, and where agents were. */

import type { Endpoint } from '../endpoint.ts';
import {
  type AgentAddress,
  parseAgentAddresses,
  resolveAgentAddresses,
} from '../node/agent-address.ts';
import { type Clock, createSystemClock } from '../node/clock.ts';
import { LastAgents } from '../node/last-agents.ts';
import { SeekerSocket } from '../node/seeker-socket.ts';
import type { SeatSurroundings } from './seat-driver.ts';

/** Agents' addresses remembered by one connection. */
const LAST_ENDPOINTS_MAX = 16;

export interface NetworkOptions {
  readonly port: number;
  /** Broadcast on these interfaces only; `null` for all, none when empty. */
  readonly interfaces: readonly string[] | null;
  /** Agents' addresses by hand. */
  readonly addresses: readonly AgentAddress[];
}

/** It is open while anything uses it. */
export class Network {
  readonly clock: Clock = createSystemClock();
  readonly #options: NetworkOptions;
  readonly #listeners = new Set<(bytes: Uint8Array, from: Endpoint) => void>();
  /** Where seats were had before: asked first, and found where broadcasts do not reach. */
  readonly #lastEndpoints = new Map<string, Endpoint>();
  readonly #memory = new LastAgents(process.env);
  #socket: Promise<SeekerSocket> | undefined;
  #users = 0;
  #busy = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** Opens it for one user more, who says when it is done. `agents`: addresses that are set. */
  async open(
    agents: readonly string[],
  ): Promise<SeatSurroundings & { readonly socket: SeekerSocket }> {
    const end = this.#use();
    try {
      const socket = await this.#openSocket(agents);
      return {
        clock: this.clock,
        socket,
        listen: (listener) => this.#listen(listener),
        setBusy: (busy) => this.#setBusy(socket, busy),
        onHeldAt: (endpoint) => this.#remember(endpoint),
        onEnd: end,
      };
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** Opens what is shared with the first user and closes it with the last. */
  #use(): () => Promise<void> {
    let used = true;
    this.#users++;
    return async () => {
      if (!used) return;
      used = false;
      if (--this.#users > 0) return;
      const socket = this.#socket;
      this.#socket = undefined;
      await (await socket)?.close();
    };
  }

  /**
   * The open socket, which knows the agents at these addresses, too, as soon as their names are
   * resolved: that takes seconds where no name server answers, and nobody waits for it.
   */
  async #openSocket(agents: readonly string[]): Promise<SeekerSocket> {
    this.#socket ??= SeekerSocket.open({
      port: this.#options.port,
      interfaces: this.#options.interfaces,
      endpoints: [...this.#lastEndpoints.values(), ...this.#rememberedEndpoints()],
      onDatagram: (bytes, from) => {
        for (const listener of this.#listeners) listener(bytes, from);
      },
    });
    const socket = await this.#socket;
    const set = parseAgentAddresses(agents.join(','), this.#options.port) ?? [];
    for (const address of [...this.#options.addresses, ...set]) {
      void resolveAgentAddresses([address]).then((resolved) => socket.learn(resolved));
    }
    return socket;
  }

  /** Of earlier programs. Who looks nowhere but at addresses by hand wants no others. */
  #rememberedEndpoints(): readonly Endpoint[] {
    return this.#options.interfaces?.length === 0 ? [] : this.#memory.read();
  }

  #listen(listener: (bytes: Uint8Array, from: Endpoint) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A held seat does not keep the application from ending; finding and releasing one does. */
  #setBusy(socket: SeekerSocket, busy: boolean): void {
    this.#busy += busy ? 1 : -1;
    socket.hold(this.#busy > 0);
  }

  #remember(endpoint: Endpoint): void {
    if (this.#lastEndpoints.size >= LAST_ENDPOINTS_MAX) this.#lastEndpoints.clear();
    this.#lastEndpoints.set(endpoint.address, endpoint);
    if (this.#options.interfaces?.length !== 0) this.#memory.note(endpoint);
  }
}
