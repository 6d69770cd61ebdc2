/**
 * The consumer side: the real calls against the mock server of pact-js.
 * `deno task contract:write` writes the pacts that come of it.
 */
import { basename } from "node:path";
import { call } from "../lib/client/call.ts";
import type { Operation } from "../lib/core/mod.ts";
import { fillPath, idNames } from "../lib/core/path.ts";
import type { Interaction, Sent } from "./interaction.ts";
import { interactions } from "./interactions.ts";
import { eventTypes, takeMessage } from "./messages.ts";
import {
  consumer,
  examples,
  type Given,
  idOf,
  pactFile,
  provider,
  token,
  webhooksFile,
} from "./names.ts";
import { MatchersV3, PactV4 } from "./pact.ts";

/** The part of a pact file that is used here. */
interface Pact {
  interactions: unknown[];
}

/** A pact, what the module made of each interaction, and what differed from it. */
export interface Played<T> {
  /** Where the pact is committed. */
  file: URL;
  pact: Pact;
  outcomes: ReadonlyMap<T, unknown>;
  failures: unknown[];
}

/**
 * The path of an operation, with a rule that lets a provider use its own id when
 * it verifies. It is a matcher and a generator, which pact-js cannot combine.
 */
function pathOf({ path }: Operation) {
  if (!path.includes("{")) return path;
  const withId = (id: string) => fillPath(path, () => id);
  return {
    ...MatchersV3.regex(
      new RegExp(`^${withId("[^/]+")}$`),
      withId(examples[idOf(path)]),
    ),
    "pact:generator:type": "ProviderState",
    expression: withId(`\${${idOf(path)}}`),
  };
}

/** The values of the provider state that the request uses. */
function paramsOf(request: unknown): Given {
  const names = [...JSON.stringify(request).matchAll(/\$\{(\w+)\}/g)]
    .map(([, name]) => name as keyof typeof examples);
  return Object.fromEntries(names.map((name) => [name, examples[name]]));
}

/** An example of a value with matchers. */
// deno-lint-ignore no-explicit-any
export const exampleOf = (value: unknown): any =>
  MatchersV3.reify(value as Parameters<typeof MatchersV3.reify>[0]);

/** The arguments of a call that sends this; what is no option is the payload. */
function argumentsOf({ operation, query, body }: Sent) {
  const { path, options = {}, body: { field, decoder } = {} } = operation;
  const optionOf = new Map(
    Object.entries(options).map(([option, [name]]) => [name, option]),
  );
  const opts: Record<string, unknown> = {};
  const payload: Record<string, unknown> = {};
  for (
    const [sent, value] of Object.entries(exampleOf({ ...query, ...body }))
  ) {
    const [, name = sent, bound] = /^(.+)\[(eq|gte|lte)\]$/.exec(sent) ?? [];
    const option = optionOf.get(name);
    if (option === undefined) payload[sent] = value;
    else if (bound) opts[option] = { ...opts[option] ?? {}, [bound]: value };
    else {
      const isText = body || !/^(true|false|\d+)$/.test(`${value}`);
      opts[option] = isText ? value : JSON.parse(`${value}`);
    }
  }
  const ids = idNames(path).map((name) => [name, examples[idOf(path)]]);
  return {
    args: {
      ids: Object.fromEntries(ids),
      payload: field ? payload[field] : decoder && payload,
    },
    opts,
  };
}

/**
 * Plays one interaction, and adds it to the pact in `dir`. It fails if the request
 * differs from the contract, or is missing.
 *
 * @returns The result of the call, or its error.
 */
async function play(
  { state, description, answer, ...sent }: Interaction,
  dir: string,
): Promise<unknown> {
  const { operation, query = {}, body } = sent;
  const path = pathOf(operation);
  const { args, opts } = argumentsOf(sent);
  let outcome: unknown;
  await new PactV4({ consumer, provider, dir, logLevel: "error" })
    .addInteraction()
    .given(state, paramsOf([path, query, body]))
    .uponReceiving(description)
    .withRequest(operation.method, path, (request) => {
      request.query(query as Record<string, string>);
      request.headers({ authorization: `Bearer ${token}` });
      // deno-lint-ignore no-explicit-any
      if (body !== undefined) request.jsonBody(body as any);
    })
    .willRespondWith(answer.status ?? operation.status, (response) => {
      response.headers(answer.headers ?? {});
      // deno-lint-ignore no-explicit-any
      if (answer.body !== undefined) response.jsonBody(answer.body as any);
    })
    .executeTest(async ({ url }) => {
      outcome = await call(fetch, token, operation, args, {
        ...opts,
        baseUrl: url,
        retry: false,
      }).catch((error: unknown) => error);
    });
  return outcome;
}

/** Plays each of all with a pact in a temporary folder. */
async function playAll<T>(
  all: readonly T[],
  play: (one: T, dir: string) => Promise<unknown>,
  file: URL,
): Promise<Played<T>> {
  const dir = await Deno.makeTempDir();
  try {
    const outcomes = new Map<T, unknown>();
    const failures: unknown[] = [];
    for (const one of all) {
      const outcome = await play(one, dir).catch((error: unknown) => {
        failures.push(error);
        return error;
      });
      outcomes.set(one, outcome);
    }
    const written = await Deno.readTextFile(
      `${dir}/${basename(file.pathname)}`,
    );
    return { file, pact: JSON.parse(written), outcomes, failures };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Plays every interaction. */
export const makePact = () => playAll(interactions, play, pactFile);

/** Reads every event. */
export const makeWebhooksPact = () =>
  playAll(eventTypes, takeMessage, webhooksFile);

if (import.meta.main) {
  const all = [await makePact(), await makeWebhooksPact()];
  for (const { file, pact, failures } of all) {
    if (failures.length > 0) throw failures[0];
    await Deno.writeTextFile(file, `${JSON.stringify(pact, null, 2)}\n`);
    console.log(`${file}: ${pact.interactions.length} interactions`);
  }
}
