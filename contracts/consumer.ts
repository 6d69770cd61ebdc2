/** The consumer side: the real calls against the mock server of pact-js. */
import { call } from "../lib/client/call.ts";
import type { Operation } from "../lib/core/mod.ts";
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
import { fillPath, idNames } from "../lib/core/path.ts";

/** The part of a pact file that is used here. */
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

/** The name of a path's id in a provider state, such as `room_id`. */
const idOf = (path: string): keyof typeof examples =>
  path.replace(/^\/(\w+)s\/.*/, "$1_id") as never;

/** The path of an operation, with its id. */
const withId = ({ path }: Operation, id: string) => fillPath(path, () => id);

/**
 * The path of an operation, with a rule that lets a provider use its own id when
 * it verifies. It is a matcher and a generator, which pact-js cannot combine.
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

/** The values of the provider state that the request uses. */
function paramsOf(request: unknown): Given {
  const names = [...JSON.stringify(request).matchAll(/\$\{(\w+)\}/g)]
    .map(([, name]) => name as keyof typeof examples);
  return Object.fromEntries(names.map((name) => [name, examples[name]]));
}

/**
 * Plays one interaction, and adds it to the pact in `dir`. It fails if the request
 * differs from the contract, or is missing.
 *
 * @returns The result of the call, or its error.
 */
export async function playInteraction(
  interaction: Interaction,
  dir: string,
): Promise<unknown> {
  const { state, description, operation, opts, query, payload } = interaction;
  const { status = operation.status, headers, body } = interaction;
  const { sent = payload } = interaction;
  const path = pathOf(operation);
  const [idName] = idNames(operation.path);
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
        {
          ids: idName ? { [idName]: examples[idOf(operation.path)] } : {},
          payload,
        },
        { ...opts, baseUrl: url, retry: false },
      ).catch((error: unknown) => error);
    });
  return outcome;
}

/** The pact that `fill` writes to a temporary folder. */
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

/** Plays every interaction, and returns the pact. */
export const makePact = (): Promise<Pact> =>
  pactIn(pactName, async (dir) => {
    for (const interaction of interactions) {
      await playInteraction(interaction, dir);
    }
  });

/** Reads every event, and returns the pact. */
export const makeWebhooksPact = (): Promise<Pact> =>
  pactIn(webhooksName, async (dir) => {
    for (const type of eventTypes) await takeMessage(type, dir);
  });
