/**
 * Bodies in chunks of one byte need little memory. In Deno, each chunk is a view
 * on 64 KiB of its own, so that whoever keeps the chunks keeps gigabytes.
 */
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { must } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { id } from "../support/example.ts";
import { cases } from "./cases.ts";
import { serveCases } from "./server.ts";

/** How much the memory of a process may grow, in MiB. */
const most = 200;

const program = fileURLToPath(new URL("memory.mjs", import.meta.url));

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
    assertEquals(tiny.length, 2);
    await withBundle(async (bundle) => {
      const server = await serveCases(tiny);
      try {
        for (const [i, { name }] of tiny.entries()) {
          const isEndless = name.includes("without an end");
          // Chunks that are kept are gigabytes within a second
          const timeoutMs = isEndless ? "400" : "120000";
          const read = async (what: string) => {
            const given = [bundle, server.baseUrl(i), what, timeoutMs];
            const printed = await must(command, [...args, ...given]);
            const { outcome, grownMiB } = JSON.parse(printed);
            const shown = `${what}, ${name}: ${printed}`;
            assert((isEndless ? cut : whole).includes(outcome), shown);
            assert(grownMiB < most, shown);
          };
          const ways = ["getRoom", "httpFetch", "parseWebhook"];
          await Promise.all(ways.map(read));
        }
      } finally {
        await server.close();
      }
    });
  });
}
