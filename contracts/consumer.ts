/** The consumer's side: the real functions against pact-js's mock server. */
import { getRoom, listRooms, type ListRoomsOptions } from "../mod.ts";
import { type Interaction, interactions } from "./interactions.ts";
import { consumer, pactName, provider, roomId, token } from "./names.ts";
import { MatchersV3, PactV4 } from "./pact.ts";

/** What a pact file holds, as far as it is looked at here. */
export interface Pact {
  interactions: PactInteraction[];
  metadata: Record<string, unknown>;
}

/** One interaction of a pact file (Pact specification 4.0). */
export interface PactInteraction {
  description: string;
  providerStates: { name: string }[];
  request: { method: string; path: string };
  response: { status: number };
}

/**
 * The path, and a rule that lets a provider put a room of its own there when
 * it verifies. pact-js has matchers and generators, but nothing that is both.
 */
const roomPath = {
  ...MatchersV3.regex(
    /^\/rooms\/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
    `/rooms/${roomId}`,
  ),
  "pact:generator:type": "ProviderState",
  expression: "/rooms/${room_id}",
};

/** The path that each function asks for, and how it is called. */
const operations = {
  getRoom: {
    path: roomPath,
    call: (opts: ListRoomsOptions) => getRoom(fetch, token, roomId, opts),
  },
  listRooms: {
    path: "/rooms",
    call: (opts: ListRoomsOptions) => listRooms(fetch, token, opts),
  },
};

/**
 * Plays one interaction, and adds it to the pact in `dir`. The mock server
 * rejects a request that is not as the contract says, and one that is missing.
 *
 * @returns What the function resolved to, or rejected with.
 */
export async function play(
  interaction: Interaction,
  dir: string,
): Promise<unknown> {
  const { state, description, opts, query, status, headers, body } =
    interaction;
  const { path, call } = operations[interaction.operation];
  const { regex } = MatchersV3;
  let outcome: unknown;
  await new PactV4({ consumer, provider, dir, logLevel: "error" })
    .addInteraction()
    .given(state, { room_id: roomId })
    .uponReceiving(description)
    .withRequest(
      "GET",
      path,
      (request) => {
        request.query(query);
        request.headers({
          accept: "application/json",
          authorization: regex(/^Bearer \S+$/, `Bearer ${token}`),
        });
      },
    )
    .willRespondWith(status, (response) => {
      response.headers(headers).jsonBody(body);
    })
    .executeTest(async ({ url }) => {
      outcome = await call({ ...opts, baseUrl: url, retry: false })
        .catch((error: unknown) => error);
    });
  return outcome;
}

/** Plays every interaction, and tells the pact that they make. */
export async function makePact(): Promise<Pact> {
  const dir = await Deno.makeTempDir();
  try {
    for (const interaction of interactions) await play(interaction, dir);
    return JSON.parse(await Deno.readTextFile(`${dir}/${pactName}`));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
