import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { helpOf } from "../../lib/cli/commands.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { inVirtualTime } from "../support/virtual_time.ts";
import { command, fails, withFile } from "./command.ts";

for (
  const [args, expected] of [
    [[], helpOf(undefined)],
    [["--help"], helpOf(undefined)],
    [["-h"], helpOf(undefined)],
    [["help"], helpOf(undefined)],
    [["help", "get"], helpOf("get")],
    [["get", "--help"], helpOf("get")],
    [["get", id, "-h"], helpOf("get")],
    [["--version"], "0.1.0\n"],
    [["-v"], "0.1.0\n"],
  ] as const
) {
  Deno.test(`telnyx-rooms ${args.join(" ")} prints help or version`, async () => {
    const { exitCode, stdout, stderr } = await command([...args]);
    assertEquals([exitCode, stdout, stderr], [0, expected, ""]);
  });
}

const key = [0x4b, 0x45, 0x59];
for (
  const [bytes, why] of [
    [[...key, 0x0a], undefined],
    [[0xef, 0xbb, 0xbf, ...key, 0x0d, 0x0a], undefined], // a byte order mark
    [[0xff, 0xfe, 0x4b, 0x00], "it is UTF-16; save it as UTF-8"],
    [[0xfe, 0xff, 0x00, 0x4b], "it is UTF-16; save it as UTF-8"],
    [[0x4b, 0xff], "it is not UTF-8"],
  ] as const
) {
  Deno.test(`--api-key-file and --rooms of the bytes ${bytes}: ${why ?? "it is read"}`, async () => {
    await withFile(Uint8Array.from(bytes), async (file) => {
      const get = ["get", id, "--api-key-file", file];
      const env = { TELNYX_API_KEY: "wrong" };
      if (!why) {
        return assertEquals((await command(get, { env })).exitCode, 0);
      }
      const cannot = "Cannot read the file of";
      assertEquals(await fails(get), [4, `${cannot} --api-key-file: ${why}`]);
      const rooms = await fails(["serve", "--port", "0", "--rooms", file]);
      assertEquals(rooms, [2, `${cannot} --rooms: ${why}`]);
    });
  });
}

Deno.test("--api-key-file that is empty is no API key", async () => {
  await withFile("\n", async (file) => {
    const [code, text] = await fails(["get", id, "--api-key-file", file]);
    assertEquals([code, text.endsWith("--api-key-file is empty")], [4, true]);
  });
});

for (
  const [variable, option, expected] of [
    ["http://127.0.0.1:7070/v2", "", "http://127.0.0.1:7070/v2/rooms"],
    ["http://127.0.0.1:7070", "http://127.0.0.1:9/x", "http://127.0.0.1:9/x/"],
    ["", "", "https://api.telnyx.com/v2/rooms"],
  ] as const
) {
  Deno.test(`requests go to ${expected} by TELNYX_BASE_URL=${variable} and --base-url ${option}`, async () => {
    const env = { TELNYX_API_KEY: "KEY", TELNYX_BASE_URL: variable };
    const args = ["list", ...option ? ["--base-url", option] : []];
    const { requests: [request] } = await command(args, { env });
    assert(request?.url.startsWith(expected), request?.url);
  });
}

for (
  const [baseUrl, isInClear] of [
    ["http://example.com/v2", true],
    ["http://127.0.0.1.example.com/", true],
    ["http://192.168.0.2", true],
    ["https://example.com/v2", false],
    ["http://127.0.0.1:7070/v2", false],
    ["http://127.1", false],
    ["http://[::1]:7070", false],
    ["http://localhost/", false],
    ["http://telnyx.localhost./", false],
  ] as const
) {
  Deno.test(`--base-url ${baseUrl} prints ${isInClear ? "a" : "no"} warning before the key goes`, async () => {
    const warning = isInClear
      ? "telnyx-rooms: Warning: the base URL is http: on another machine, so " +
        "anyone on the way can read the API key\n"
      : "";
    let [printed, printedWhenSent] = ["", ""];
    await command(["get", id, "--base-url", baseUrl], {
      onStderr: (text) => printed += text,
      fetch() {
        printedWhenSent = printed;
        return Promise.resolve(Response.json({ data: { id } }));
      },
    });
    assertEquals([printed, printedWhenSent], [warning, warning]);
  });
}

Deno.test("--timeout is the limit of a single attempt as well", async () => {
  await inVirtualTime(async () => {
    const args = ["get", id, "--timeout", "20"];
    const faults = [{ delayMs: 15_000 }];
    const { exitCode, requests } = await command(args, { faults });
    assertEquals([exitCode, requests.length], [0, 1]);
  });
});

Deno.test("compose --wait waits for an hour, not only as long as --timeout", async () => {
  await inVirtualTime(async (clock) => {
    const began = clock.now;
    // Whose own clock stands still
    const fake = fakeRooms({ rooms: [{ id }], now: () => began });
    const args = ["compose", `${fake.join(id).session_id}`, "--wait"];
    const { exitCode } = await command(args, { fake });
    assertEquals([exitCode, clock.now - began], [6, 3_600_000]);
  });
});

Deno.test("a wait for a retry is shown on a terminal only", async () => {
  const faults = [
    { status: 503, headers: { "retry-after": "0.01" } },
    { disconnect: "before-response" as const },
  ];
  const { exitCode, stderr } = await command(["get", id], {
    faults,
    isTTY: true,
  });
  assertEquals(exitCode, 0);
  assertStringIncludes(
    stderr,
    "Attempt 1: HTTP 503; retrying in 0.0 s\n\r\x1b[KAttempt 2: network; retrying",
  );
  assertEquals((await command(["get", id], { faults })).stderr, "");
});
