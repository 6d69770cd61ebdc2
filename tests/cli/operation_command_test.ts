import { assert, assertEquals, assertMatch } from "@std/assert";
import { callingOptions } from "../../lib/cli/calling.ts";
import { commands } from "../../lib/cli/commands.ts";
import { curlOption } from "../../lib/cli/curl.ts";
import { destroyOptions } from "../../lib/cli/destroy.ts";
import { listOptions } from "../../lib/cli/list.ts";
import { usesOf } from "../../lib/cli/operation_command.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { routes } from "../../lib/testing/routes.ts";
import { id } from "../support/example.ts";
import { command, fails } from "./command.ts";

Deno.test("every operation has a command, except those that the lists cover", () => {
  const used = new Set(
    Object.values(commands).flatMap(usesOf)
      .map(({ operation: { method, path } }) => `${method} ${path}`),
  );
  const left = routes
    .map(({ operation: { method, path } }) => `${method} ${path}`)
    .filter((route) =>
      !used.has(route.replaceAll(/\w*id\}/gi, "id}")) && !used.has(route)
    );
  assertEquals(left, [
    "GET /rooms/{roomId}/sessions",
    "GET /room_sessions/{sessionId}/participants",
    "POST /room_compositions", // by compose
  ]);
});

Deno.test("every option sets an option or a field of an operation of its command", () => {
  const shared = {
    ...callingOptions,
    ...curlOption,
    ...listOptions,
    ...destroyOptions,
  };
  for (const [name, command] of Object.entries(commands)) {
    const uses = usesOf(command);
    if (uses.length === 0) continue;
    for (const [option, { sets }] of Object.entries(command.options)) {
      if (option in shared) continue;
      const [field = ""] = (sets ?? "").split(".");
      assert(
        uses.some(({ flag, keeps, operation: { options, body } }) =>
          sets
            ? body?.decoder && !body.field ||
              Object.hasOwn(options ?? {}, field)
            : flag === option || option in (keeps ?? {})
        ),
        `${name} --${option}`,
      );
    }
  }
});

Deno.test("token prints a token that is valid for joining, and on a terminal both", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const { stdout } = await command(["token", id], { fake });
  assertMatch(stdout, /^\S{100,}\n$/);
  fake.join(id, { token: stdout.trim() });
  const shown = await command(["token", id], {
    fake,
    isTTY: true,
    env: { TELNYX_API_KEY: "KEY", NO_COLOR: "1" },
  });
  assertMatch(shown.stdout, / Refresh +\S{100,}\n +Expires +\S/);
  assertEquals(shown.stderr, "");
});

Deno.test("token --refresh reads the refresh token from stdin, and never prints it", async () => {
  let time = Date.parse("2026-01-01T12:00:00Z");
  const now = () => time;
  const fake = fakeRooms({ rooms: [{ id }], now });
  const minted = await command(["token", id, "--json"], { fake, now });
  const { refresh_token } = JSON.parse(minted.stdout);
  time += 1_200_000;
  const args = ["token", id, "--refresh"];
  const line = `${refresh_token}\n`;
  const { stdout } = await command([...args, "--json"], { fake, now, line });
  fake.join(id, { token: JSON.parse(stdout).token });

  time += 3_000_000;
  const [code, text] = await fails(args, { fake, now, line });
  assertEquals([code, text.includes(refresh_token)], [4, false]);
  const onTerminal = await command(args, { isTTY: true, line });
  assertEquals(onTerminal.exitCode, 2);
  assertMatch(onTerminal.stderr, /Pipe the refresh token into stdin/);
});
