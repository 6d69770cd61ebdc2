/**
 * Bodies in chunks of one byte need little memory. In Deno, each chunk is a view
 * on 64 KiB of its own, so that whoever keeps the chunks keeps gigabytes.
 */
import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";
import { must } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { id } from "../support/example.ts";
import { cases } from "./cases.ts";
import { serveCases } from "./server.ts";

/** How much the memory of a process may grow, in MiB. */
const most = 200;

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));
const program = path("memory.mjs");

/** What comes of a body that ends, and of one that does not. */
const whole = [id, "bad_signature"];
const cut = ["timeout", "response_too_large", "incomplete", "too_large"];

/** The command of each runtime that runs a program. */
const runtimes: Record<string, string[]> = {
  "Deno": [Deno.execPath(), "run", "--no-lock", "--allow-all", program],
  "Node": ["node", "--no-warnings", program],
};

const tiny = cases.filter(({ name }) => name.includes("chunks of one byte"));

for (const [runtime, [command = "", ...args]] of Object.entries(runtimes)) {
  Deno.test(`getRoom() and parseWebhook() read chunks of one byte in less than ${most} MiB on ${runtime}`, async () => {
    assert(tiny.length > 1);
    await withBundle(async (bundle) => {
      const server = await serveCases(tiny);
      try {
        for (const [i, { name }] of tiny.entries()) {
          const isEndless = name.includes("without an end");
          // Chunks that are kept are gigabytes within a second
          const timeoutMs = isEndless ? "400" : "120000";
          const reading = ["getRoom", "httpFetch", "parseWebhook"]
            .map(async (what) => {
              const url = server.baseUrl(i);
              const program = [...args, bundle, url, what, timeoutMs];
              const printed = await must(command, program);
              const { outcome, grownMiB } = JSON.parse(printed);
              const expected = isEndless ? cut : whole;
              const shown = `${what}, ${name}: ${printed}`;
              assert(expected.includes(outcome), shown);
              assert(grownMiB < most, shown);
            });
          await Promise.all(reading);
        }
      } finally {
        await server.close();
      }
    });
  });
}
