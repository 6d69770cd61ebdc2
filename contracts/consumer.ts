/** The consumer's side: the real calls against pact-js's mock server. */
import { call } from "../lib/call.ts";
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

const { regex } = MatchersV3;

/**
 * The path of an operation, and a rule that lets a provider put an id of its own
 * there when it verifies. pact-js has matchers and generators, but nothing that
 * is both.
 */
function pathOf({ operation: { path } }: Interaction) {
  if (!path.includes("{id}")) return path;
  const uuid = "[\\da-f]{8}(-[\\da-f]{4}){3}-[\\da-f]{12}";
  return {
    ...regex(
      new RegExp(`^${path.replace("{id}", uuid)}$`),
      path.replace("{id}", roomId),
    ),
    "pact:generator:type": "ProviderState",
    expression: path.replace("{id}", "${room_id}"),
  };
}

/**
 * Plays one interaction, and adds it to the pact in `dir`. The mock server
 * rejects a request that is not as the contract says, and one that is missing.
 *
 * @returns What the call resolved to, or rejected with.
 */
export async function play(
  interaction: Interaction,
  dir: string,
): Promise<unknown> {
  const { state, description, operation, opts, query, payload } = interaction;
  const { status = operation.status, headers, body } = interaction;
  let outcome: unknown;
  await new PactV4({ consumer, provider, dir, logLevel: "error" })
    .addInteraction()
    .given(state, { room_id: roomId })
    .uponReceiving(description)
    .withRequest(operation.method, pathOf(interaction), (request) => {
      request.query(query ?? {});
      request.headers({
        accept: "application/json",
        authorization: regex(/^Bearer \S+$/, `Bearer ${token}`),
      });
      // deno-lint-ignore no-explicit-any
      if (payload !== undefined) request.jsonBody(payload as any);
    })
    .willRespondWith(status, (response) => {
      response.headers(headers ?? {});
      // deno-lint-ignore no-explicit-any
      if (body !== undefined) response.jsonBody(body as any);
    })
    .executeTest(async ({ url }) => {
      outcome = await call(
        fetch,
        token,
        operation,
        { id: roomId },
        { ...opts, baseUrl: url, retry: false },
        payload,
      ).catch((error: unknown) => error);
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
