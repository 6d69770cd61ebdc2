/** The consumer's side: the real calls against pact-js's mock server. */
import { call } from "../lib/call.ts";
import type { Operation } from "../lib/core.ts";
import type { Interaction } from "./interaction.ts";
import { interactions } from "./interactions.ts";
import { eventTypes, takeMessage } from "./messages.ts";
import {
  consumer,
  examples,
  type Given,
  pactName,
  provider,
  token,
  webhooksName,
} from "./names.ts";
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

/** The name by which a provider state has the id of a path: `room_id`. */
const idOf = (path: string): keyof typeof examples =>
  path.replace(/^\/(\w+)s\/.*/, "$1_id") as never;

/** The path of an operation with its id, which is the first there is in it. */
const withId = ({ path }: Operation, id: string) =>
  path.replace(/\{\w+\}/, () => id);

/**
 * The path of an operation, and a rule that lets a provider put an id of its own
 * there when it verifies. pact-js has matchers and generators, but nothing that
 * is both.
 */
function pathOf(operation: Operation) {
  const { path } = operation;
  if (!path.includes("{")) return path;
  return {
    ...regex(
      new RegExp(`^${withId(operation, "[^/]+")}$`),
      withId(operation, examples[idOf(path)]),
    ),
    "pact:generator:type": "ProviderState",
    expression: withId(operation, `\${${idOf(path)}}`),
  };
}

/** What the provider state is about, as far as the request has it. */
function paramsOf(request: unknown): Given {
  const names = [...JSON.stringify(request).matchAll(/\$\{(\w+)\}/g)]
    .map(([, name]) => name as keyof typeof examples);
  return Object.fromEntries(names.map((name) => [name, examples[name]]));
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
  const { sent = payload } = interaction;
  const path = pathOf(operation);
  const [, idName] = /\{(\w+)\}/.exec(operation.path) ?? [];
  let outcome: unknown;
  await new PactV4({ consumer, provider, dir, logLevel: "error" })
    .addInteraction()
    .given(state, paramsOf([path, query, sent]))
    .uponReceiving(description)
    .withRequest(operation.method, path, (request) => {
      request.query((query ?? {}) as Record<string, string>);
      request.headers({ authorization: `Bearer ${token}` });
      // deno-lint-ignore no-explicit-any
      if (sent !== undefined) request.jsonBody(sent as any);
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
        idName ? { [idName]: examples[idOf(operation.path)] } : {},
        { ...opts, baseUrl: url, retry: false },
        payload,
      ).catch((error: unknown) => error);
    });
  return outcome;
}

/** What a folder of pacts has come to hold, once `fill` has filled it. */
async function pactIn(
  name: string,
  fill: (dir: string) => Promise<void>,
): Promise<Pact> {
  const dir = await Deno.makeTempDir();
  try {
    await fill(dir);
    return JSON.parse(await Deno.readTextFile(`${dir}/${name}`));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Plays every interaction, and tells the pact that they make. */
export const makePact = (): Promise<Pact> =>
  pactIn(pactName, async (dir) => {
    for (const interaction of interactions) await play(interaction, dir);
  });

/** Takes every event, and tells the pact that they make. */
export const makeWebhooksPact = (): Promise<Pact> =>
  pactIn(webhooksName, async (dir) => {
    for (const type of eventTypes) await takeMessage(type, dir);
  });
