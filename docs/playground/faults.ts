import type { Room } from "@videorooms/telnyx";
import type { Fault } from "@videorooms/telnyx/testing";

/** The faults that can be chosen for a request. */
export const faults: Record<
  string,
  { label: string; fault: (id: string, room: Room | undefined) => Fault }
> = {
  slow: {
    label: "slow: takes 1.2 s",
    fault: () => ({ delayMs: 1200 }),
  },
  stalled: {
    label: "stalls mid-body",
    fault: () => ({ bodyDelayMs: Infinity }),
  },
  rateLimited: {
    label: "429, Retry-After: 1",
    fault: () => ({ status: 429, headers: { "retry-after": "1" } }),
  },
  unavailable: {
    label: "503",
    fault: () => ({ status: 503 }),
  },
  broken: {
    label: "disconnects mid-body",
    fault: () => ({ disconnect: "in-body" }),
  },
  wrongType: {
    label: "wrong type of a field",
    fault: (id, room) => ({
      body: { data: { ...room, id, max_participants: "twelve" } },
    }),
  },
  unauthorized: {
    label: "401",
    fault: () => ({ status: 401 }),
  },
};
