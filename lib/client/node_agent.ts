// The connections that `httpFetch` keeps.
import type { Agent } from "node:http";
import { builtin } from "./node_builtin.ts";

/** The protocols of requests. */
export type Protocol = "http:" | "https:";

/** How long a connection is kept that nobody uses: servers often wait 5 s. */
const idleMs = 4000;

/** Keeps connections for the next requests, one agent for each protocol. */
export class KeptConnections {
  #agents: { [Name in Protocol]?: Agent } = {};
  #usedAt = 0;

  /** The agent for a request that is made now. */
  agentFor(protocol: Protocol): Agent {
    const now = Date.now();
    // Where processes are frozen between requests, as on Lambda, timers are late
    if (now - this.#usedAt > idleMs) this.#dropIdle();
    this.#usedAt = now;
    return this.#agents[protocol] ??=
      new (builtin(`node:${protocol === "http:" ? "http" : "https"}`).Agent)({
        keepAlive: true,
        timeout: idleMs,
      });
  }

  #dropIdle(): void {
    for (const { freeSockets } of Object.values(this.#agents)) {
      for (const sockets of Object.values(freeSockets ?? {})) {
        for (const socket of [...sockets ?? []]) socket.destroy();
      }
    }
  }
}
