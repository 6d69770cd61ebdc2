/** Puts a fake into each provider state of the contract. */
import {
  type Account,
  type Given,
  madeByControl,
  madeByRequests,
  type Make,
} from "../lib/cli/verify_states.ts";
import {
  type FakeRooms,
  fakeRooms,
  type FakeRoomsOptions,
} from "../lib/testing/fake_rooms.ts";
import { token } from "./names.ts";

/** How the fake, as any account, gets into a state. */
const made: Record<string, Make | undefined> = {
  ...madeByRequests,
  ...madeByControl,
  "a recording of April 2021 is ready": madeByControl["a recording is ready"],
  "a composition of April 2021 is ready":
    madeByControl["a composition is ready"],
};

/** The options of a fake that is in a state from the beginning. */
const options: Record<string, FakeRoomsOptions> = {
  "there are no rooms": {},
  "the token is unknown": { tokens: [] },
  "the token may not see the room": { forbiddenTokens: [token] },
  "there is no such room, reported by a bare error": { bareErrors: true },
  "the rate limit is used up": { rateLimit: { limit: 0, windowMs: 60_000 } },
};

export const states: readonly string[] = [
  ...Object.keys(made),
  ...Object.keys(options),
];

/** A fake in a state, on a morning in April 2021, and the values of the state. */
export async function inState(
  state: string,
  more?: FakeRoomsOptions,
): Promise<Account & { fake: FakeRooms; given: Given }> {
  const now = () => Date.parse("2021-04-16T09:46:20.954Z");
  const fake = fakeRooms({ now, ...options[state], ...more });
  const baseUrl = "http://127.0.0.1/v2";
  const account = { fetchFn: fake.fetch, token, baseUrl };
  return { ...account, fake, given: await made[state]?.(account) ?? {} };
}
