import { assert, assertEquals } from "@std/assert";
import { ApiError } from "../mod.ts";
import { makePact, makeWebhooksPact, playInteraction } from "./consumer.ts";
import * as core from "../lib/core/mod.ts";
import { interactions, operations } from "./interactions.ts";
import { bodyOf, eventTypes, takeMessage } from "./messages.ts";
import { pactFile, webhooksFile } from "./names.ts";
import { MatchersV3 } from "./pact.ts";
import { states } from "./states.ts";
import recorded from "./recorded/room_without_a_name.json" with {
  type: "json",
};

/** Runs a test with a temporary folder. */
async function withFolder(use: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

for (const interaction of interactions) {
  const { state, description, operation, body } = interaction;
  const { status = operation.status } = interaction;
  const { method, path } = operation;
  Deno.test(`${method} ${path} fulfils the contract: ${description}, when ${state}`, () =>
    withFolder(async (dir) => {
      const outcome = await playInteraction(interaction, dir);
      // deno-lint-ignore no-explicit-any
      const example = body && MatchersV3.reify(body as any) as any;
      if (status === operation.status) {
        assert(!(outcome instanceof Error), String(outcome));
        assertEquals(outcome, example);
        return;
      }
      assert(outcome instanceof ApiError, String(outcome));
      assertEquals(outcome.status, status);
      assertEquals(outcome.details, example.errors ?? [example]);
      if (status === 429) {
        assertEquals(outcome.rateLimit, { remaining: 0, resetMs: 3000 });
        assertEquals(outcome.retryAfterMs, 3000);
      }
    }));
}

Deno.test("The contract has the fields of a recorded response of the API", () => {
  const state = "a room that was made without a name exists";
  const body = interactions.find((one) => one.state === state)?.body;
  // deno-lint-ignore no-explicit-any
  const { data } = MatchersV3.reify(body as any) as any;
  // The module does not need these
  const { record_type: _, video_codecs: __, ...needed } = recorded.data;
  assertEquals(data, needed);
});

for (const type of eventTypes) {
  Deno.test(`parseWebhook() fulfils the contract: ${type}`, () =>
    withFolder(async (dir) => {
      // deno-lint-ignore no-explicit-any
      const { data } = MatchersV3.reify(bodyOf(type) as any) as any;
      assertEquals(await takeMessage(type, dir), data);
    }));
}

Deno.test("The committed pacts are up to date", async () => {
  const changed =
    "The contract has changed: review it, then run deno task contract:write";
  const committed = async (file: URL) =>
    JSON.parse(await Deno.readTextFile(file));
  assertEquals(await committed(pactFile), await makePact(), changed);
  assertEquals(
    await committed(webhooksFile),
    await makeWebhooksPact(),
    changed,
  );
});

Deno.test("The contract has a success for every operation", () => {
  const all = Object.entries(core)
    .flatMap(([name, value]) => name.endsWith("Operation") ? [value] : []);
  assertEquals(new Set<unknown>(operations), new Set<unknown>(all));
  for (const operation of operations) {
    assert(
      interactions.some((one) =>
        one.operation === operation && one.status === undefined
      ),
      `${operation.method} ${operation.path}`,
    );
  }
});

Deno.test("The fake has the provider state of every interaction", () => {
  assertEquals(
    [...new Set(interactions.map(({ state }) => state))].sort(),
    Object.keys(states).sort(),
  );
});
