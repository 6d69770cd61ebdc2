import { assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { root } from "../../scripts/sh.ts";
import { deno } from "../support/child.ts";

Deno.test("deno task start runs a command with every variable that it reads", async () => {
  const { url, close } = await serveRooms(
    fakeRooms({
      rooms: [{
        id: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
        unique_name: "standup",
      }],
      tokens: ["KEY"],
    }),
  );
  const { code, stdout, stderr } = await deno(
    ["task", "--quiet", "start", "list"],
    {
      TELNYX_API_KEY: "KEY",
      TELNYX_BASE_URL: url.replace("127.0.0.1", "localhost"),
      NO_COLOR: "1",
    },
  ).finally(close);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "standup");
});

Deno.test("deno task start has the permissions of every command, also of verify", () => {
  const permissions = (command: string): string[] =>
    command.match(/--allow-\S+/g) ?? [];
  const { start, "contract:live": verify } = config.tasks;
  const granted = permissions(start.command);
  const missing = permissions(verify.command).filter((it) =>
    !granted.includes(it)
  );
  assertEquals(missing, []);
});

Deno.test("deno task fuzz runs with its permissions", async () => {
  const { code, stdout, stderr } = await deno(
    ["task", "--quiet", "fuzz", "--seconds", "0.1"],
    { NO_COLOR: "1" },
  );
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "passed, 0 failed");
});

/** The commands that documents, workflows and tasks tell to run. */
async function* commands(): AsyncGenerator<string> {
  for (const { command } of Object.values(config.tasks)) yield command;
  const folders = [
    "",
    "docs/",
    "contracts/",
    "examples/",
    ".github/workflows/",
  ];
  for (const folder of folders) {
    for await (const { name } of Deno.readDir(root + folder)) {
      if (!/\.(md|yml)$/.test(name)) continue;
      const text = await Deno.readTextFile(root + folder + name);
      yield* text.match(/deno(@\d)? task [^\n`]+/g) ?? [];
    }
  }
}

Deno.test("No command gives a task more permissions, which Deno does not add to a list", async () => {
  const wrong: string[] = [];
  for await (const command of commands()) {
    if (/\btask [\w:]+ .*--(allow|deny)-/.test(command)) wrong.push(command);
  }
  assertEquals(wrong, []);
});
