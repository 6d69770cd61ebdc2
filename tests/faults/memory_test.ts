import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { deno } from "../support/child.ts";
import { id } from "../support/example.ts";
import { cases } from "./cases.ts";
import { serveCases } from "./server.ts";

// In Deno, each is a view on 64 KiB of its own: whoever keeps them has gigabytes
Deno.test("getRoom() and parseWebhook() read chunks of one byte in less than 200 MiB", async () => {
  const isEndless = ({ name }: { name: string }) =>
    name.includes("without an end");
  const tiny = cases.filter(({ name }) => name.includes("chunks of one byte"))
    .toSorted((a, b) => Number(isEndless(a)) - Number(isEndless(b)));
  assertEquals(tiny.map(isEndless), [false, true]);
  const server = await serveCases(tiny);
  try {
    const [ends, endless] = server.faults.map(({ baseUrl }) => baseUrl);
    const { stdout, stderr } = await deno([
      ...["run", "--no-lock", "--no-check", "--allow-all"],
      fileURLToPath(new URL("memory.ts", import.meta.url)),
      ...[`${ends}`, "120000", `${endless}`, "200"],
    ]);
    const shown = stdout + stderr;
    const { outcomes: [room, event, ...cut], grownMiB } = JSON.parse(
      stdout || '{"outcomes":[]}',
    );
    assertEquals([room, event], [id, "bad_signature"], shown);
    assert(/^(timeout|response_too_large)$/.test(cut[0]), shown);
    assert(/^(incomplete|too_large)$/.test(cut[1]), shown);
    assert(grownMiB < 200, shown);
  } finally {
    await server.close();
  }
});
