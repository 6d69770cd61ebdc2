import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { root } from "../../scripts/sh.ts";
import { deno } from "../support/child.ts";

Deno.test("deno task start runs a command with every variable that it reads", async () => {
  const room = {
    id: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
    unique_name: "standup",
  };
  const { url, close } = await serveRooms(
    fakeRooms({ rooms: [room], tokens: ["KEY"] }),
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
  const { start, "contract:live": verify } = config.tasks;
  const [granted, needed] = [start, verify]
    .map(({ command }) => new Set(command.match(/--allow-\S+/g)));
  assert(needed?.isSubsetOf(granted ?? new Set()));
});

Deno.test("deno task fuzz runs with its permissions", async () => {
  const { code, stdout, stderr } = await deno(
    ["task", "--quiet", "fuzz", "--seconds", "0.1"],
    { NO_COLOR: "1" },
  );
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "passed, 0 failed");
});

Deno.test("No command of a document, workflow or task gives a task more permissions, which Deno does not add to a list", async () => {
  const commands = Object.values(config.tasks).map(({ command }) => command);
  for (
    const folder of [
      "",
      "docs/",
      "contracts/",
      "examples/",
      ".github/workflows/",
    ]
  ) {
    for await (const { name } of Deno.readDir(root + folder)) {
      if (!/\.(md|yml)$/.test(name)) continue;
      const text = await Deno.readTextFile(root + folder + name);
      commands.push(...text.match(/deno(@\d)? task [^\n`]+/g) ?? []);
    }
  }
  const wrong = commands.filter((command) =>
    /\btask [\w:]+ .*--(allow|deny)-/.test(command)
  );
  assertEquals(wrong, []);
});
