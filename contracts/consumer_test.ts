import { assert, assertEquals, assertMatch } from "@std/assert";
import { ApiError } from "../mod.ts";
import { operations } from "../tests/support/described.ts";
import { exampleOf, makePact, makeWebhooksPact } from "./consumer.ts";
import { timestamp } from "./interaction.ts";
import { interactions } from "./interactions.ts";
import { bodyOf, eventTypes } from "./messages.ts";
import { states } from "./states.ts";

const played = await makePact();
const read = await makeWebhooksPact();

for (const interaction of interactions) {
  const { state, description, operation, answer } = interaction;
  const { status, body } = answer;
  const { method, path } = operation;
  Deno.test(`${method} ${path} fulfils the contract: ${description}, when ${state}`, () => {
    const outcome = played.outcomes.get(interaction);
    assert(!played.failures.includes(outcome), String(outcome));
    const example = body && exampleOf(body);
    if (status === undefined) return assertEquals(outcome, example);
    assert(outcome instanceof ApiError, String(outcome));
    assertEquals(outcome.status, status);
    assertEquals(outcome.details, example.errors ?? [example]);
    if (status !== 429) return;
    assertEquals(outcome.rateLimit, { remaining: 0, resetMs: 3000 });
    assertEquals(outcome.retryAfterMs, 3000);
  });
}

for (const type of eventTypes) {
  Deno.test(`parseWebhook() fulfils the contract: ${type}`, () => {
    assertEquals(read.outcomes.get(type), exampleOf(bodyOf(type)).data);
  });
}

Deno.test("The committed pacts are up to date", async () => {
  const changed =
    "The contract has changed: review it, then run deno task contract:write";
  for (const { file, pact } of [played, read]) {
    const committed = JSON.parse(await Deno.readTextFile(file));
    assertEquals(committed, pact, changed);
  }
});

Deno.test("The contract has a success for every operation", () => {
  const succeeding = interactions
    .filter(({ answer }) => answer.status === undefined)
    .map(({ operation }) => operation);
  assertEquals(new Set(succeeding), new Set(operations.values()));
});

Deno.test("The contract allows times without microseconds, and with an offset", () => {
  const { regex } = timestamp("2021-04-16T09:46:20.954863Z");
  assertMatch("2021-04-16T09:46:20+00:00", new RegExp(regex));
});

Deno.test("The fake has the provider state of every interaction", () => {
  assertEquals(
    [...new Set(interactions.map(({ state }) => state))].sort(),
    states.toSorted(),
  );
});
