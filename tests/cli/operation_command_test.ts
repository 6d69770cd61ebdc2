import { assert, assertEquals, assertMatch } from "@std/assert";
import { callingOptions } from "../../lib/cli/calling.ts";
import { commands } from "../../lib/cli/commands.ts";
import { curlOption } from "../../lib/cli/curl.ts";
import { destroyOptions } from "../../lib/cli/destroy.ts";
import { sessionId } from "../../lib/cli/command.ts";
import { listOptions } from "../../lib/cli/list.ts";
import { usesOf } from "../../lib/cli/operation_command.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { routes } from "../../lib/testing/routes.ts";
import { id } from "../support/example.ts";
import { command, fails, missing } from "./command.ts";

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

const page = "page[number]=1&page[size]=250";
const requests: [args: string[], sent: string, body?: object][] = [
  [
    ["list", "--name", "a b", "--since=2026-01-01", "--until", "2026-01-31"],
    "GET /rooms?filter[date_created_at][gte]=2026-01-01&" +
    `filter[date_created_at][lte]=2026-01-31&filter[unique_name]=a b&${page}`,
  ],
  [
    ["create", "--name=a", "--max-participants=4", "--webhook-timeout=5"],
    "POST /rooms",
    { unique_name: "a", max_participants: 4, webhook_timeout_secs: 5 },
  ],
  [
    ["update", id, "--recording", "off", "--webhook-url=https://a.example/"],
    `PATCH /rooms/${id}`,
    { enable_recording: false, webhook_event_url: "https://a.example/" },
  ],
  [
    ["token", id, "--ttl", "60", "--refresh-ttl", "600"],
    `POST /rooms/${id}/actions/generate_join_client_token`,
    { token_ttl_secs: 60, refresh_token_ttl_secs: 600 },
  ],
  [
    ["sessions", "--room", id, "--active"],
    `GET /room_sessions?filter[active]=true&filter[room_id]=${id}&${page}`,
  ],
  [
    ["sessions", sessionId],
    `GET /room_sessions/${sessionId}?include_participants=true`,
  ],
  [
    ["mute", sessionId, id, missing],
    `POST /room_sessions/${sessionId}/actions/mute`,
    { participants: [id, missing] },
  ],
  [
    ["unmute", sessionId, "all"],
    `POST /room_sessions/${sessionId}/actions/unmute`,
    { participants: "all" },
  ],
  [
    ["kick", sessionId, "all", `--exclude=${id},${missing}`, "--yes"],
    `POST /room_sessions/${sessionId}/actions/kick`,
    { exclude: [id, missing], participants: "all" },
  ],
  [
    ["recordings", "--participant", id, "--type=video"],
    `GET /room_recordings?filter[participant_id]=${id}&filter[type]=video&` +
    page,
  ],
  [["recordings", id, "--delete", "--yes"], `DELETE /room_recordings/${id}`],
  [
    ["recordings", "--since=2026-01-01", "--delete", "--yes"],
    "DELETE /room_recordings?filter[date_started_at][gte]=2026-01-01",
  ],
  [
    ["compositions", "--session", id, "--status", "completed"],
    `GET /room_compositions?filter[session_id]=${id}&` +
    `filter[status]=completed&${page}`,
  ],
];
for (const [args, sent, body] of requests) {
  Deno.test(`${args.join(" ")} sends ${sent}`, async () => {
    const { requests: [request] } = await command(args);
    const { method, url } = request ?? { url: "" };
    const path = decodeURIComponent(url.replace(/^.*?\/v2/, ""))
      .replaceAll("+", " ");
    const [before, query = ""] = path.split("?");
    const sorted = query.split("&").sort().join("&");
    assertEquals(`${method} ${before}${sorted && `?${sorted}`}`, sent);
    assertEquals(request?.body && JSON.parse(request.body), body);
  });
}

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
