import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { deno } from "../support/child.ts";
import { id } from "../support/example.ts";
import { cases } from "./cases.ts";
import { serveCases } from "./server.ts";

const program = fileURLToPath(new URL("memory.ts", import.meta.url));
const run = ["run", "--no-lock", "--no-check", "--allow-all", program];

/** What comes of a body that ends, and of one that does not. */
const whole = [id, "bad_signature"];
const cut = ["timeout", "response_too_large", "incomplete", "too_large"];

const tiny = cases.filter(({ name }) => name.includes("chunks of one byte"));

for (const what of ["getRoom", "parseWebhook"]) {
  // In Deno, each is a view on 64 KiB of its own: whoever keeps them has gigabytes
  Deno.test(`${what}() reads chunks of one byte in less than 200 MiB`, async () => {
    assertEquals(tiny.length, 2);
    const server = await serveCases(tiny);
    try {
      for (const [i, { name }] of tiny.entries()) {
        const isEndless = name.includes("without an end");
        const timeoutMs = isEndless ? "400" : "120000";
        const args = [...run, server.baseUrl(i), what, timeoutMs];
        const { stdout, stderr } = await deno(args);
        const { outcome, grownMiB } = JSON.parse(stdout || "{}");
        const shown = `${name}: ${stdout}${stderr}`;
        assert((isEndless ? cut : whole).includes(outcome), shown);
        assert(grownMiB < 200, shown);
      }
    } finally {
      await server.close();
    }
  });
}
