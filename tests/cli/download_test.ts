import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { downloadRecording, getRecording } from "../../mod.ts";
import { progressText } from "../../lib/cli/progress.ts";
import { bytesText } from "../../lib/cli/view.ts";
import { cellsOf } from "../../lib/cli/width.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { command, fails, until, withFile, withFolder } from "./command.ts";

const env = { TELNYX_API_KEY: "KEY" };

/** A fake with a recording of some bytes, and a folder that is removed. */
async function withRecording(
  bytes: number,
  test: (
    arranged: {
      fake: ReturnType<typeof fakeRooms>;
      recording: string;
      dir: string;
    },
  ) => Promise<void>,
) {
  const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
  fake.join(id, { context: "Alice" });
  const { id: recording } = fake.addRecording({ bytes });
  await withFolder((dir) => test({ fake, recording, dir }));
}

/** The bytes of a recording's file, from the fake itself. */
async function bytesOf(
  fake: ReturnType<typeof fakeRooms>,
  recording: string,
): Promise<Uint8Array> {
  const { stream } = await downloadRecording(fake.fetch, "KEY", recording);
  return await new Response(stream).bytes();
}

const namesIn = async (dir: string) =>
  (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();

Deno.test("download saves a recording under its id, and leaves no part", async () => {
  await withRecording(300_000, async ({ fake, recording, dir }) => {
    const args = ["download", recording, "--dir", dir];
    const { exitCode, stdout, stderr } = await command(args, { fake, env });
    const file = `${dir}/${recording}.webm`;
    assertEquals([exitCode, stdout, stderr], [0, `${file}  300 kB\n`, ""]);
    assertEquals(await namesIn(dir), [`${recording}.webm`]);
    assertEquals(await Deno.readFile(file), await bytesOf(fake, recording));
  });
});

Deno.test("download resumes what an interrupted run left, byte for byte", async () => {
  await withRecording(300_000, async ({ fake, recording, dir }) => {
    const args = ["download", recording, "--dir", dir];
    fake.fault({
      target: "file",
      disconnect: "in-body",
      afterBytes: 100_000,
    });
    fake.fault({ target: "file", status: 404 });
    const [exitCode] = await fails(args, { fake, env });
    assertEquals(exitCode, 3);
    const left = await namesIn(dir);
    assertEquals(left, [
      `${recording}.webm.part`,
      `${recording}.webm.part.etag`,
    ]);
    const { size } = await Deno.stat(`${dir}/${left[0]}`);
    assert(size > 0 && size < 300_000);

    const again = await command(args, { fake, env });
    assertEquals(again.exitCode, 0);
    assertEquals(await namesIn(dir), [`${recording}.webm`]);
    const ranges = again.requests.map(({ headers }) =>
      new Headers(headers).get("range")
    );
    assert(ranges.includes(`bytes=${size}-`), `${ranges}`);
    const saved = await Deno.readFile(`${dir}/${recording}.webm`);
    assertEquals(saved, await bytesOf(fake, recording));
  });
});

/** The size of a file, 0 if there is none. */
function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}

Deno.test("download leaves its part when it is interrupted", async () => {
  await withRecording(300_000, async ({ fake, recording, dir }) => {
    fake.fault({
      target: "file",
      bodyDelayMs: Infinity,
      afterBytes: 100_000,
    });
    const args = ["download", recording, "--dir", dir];
    const part = `${dir}/${recording}.webm.part`;
    const stopping = new AbortController();
    const run = command(args, { fake, env, stop: stopping.signal });
    await until(() => sizeOf(part) === 100_000);
    stopping.abort();
    assertEquals((await run).exitCode, 130);
    assertEquals(await namesIn(dir), [
      `${recording}.webm.part`,
      `${recording}.webm.part.etag`,
    ]);
    assertEquals((await Deno.stat(part)).size, 100_000);
  });
});

Deno.test("download begins anew if the part is of another file", async () => {
  await withRecording(1000, async ({ fake, recording, dir }) => {
    const part = `${dir}/${recording}.webm.part`;
    await Deno.writeTextFile(part, "of another file");
    await Deno.writeTextFile(`${part}.etag`, '"other"');
    const args = ["download", recording, "--dir", dir];
    assertEquals((await command(args, { fake, env })).exitCode, 0);
    const saved = await Deno.readFile(`${dir}/${recording}.webm`);
    assertEquals(saved, await bytesOf(fake, recording));
  });
});

Deno.test("download replaces no file, and says so", async () => {
  await withRecording(1000, async ({ fake, recording, dir }) => {
    const file = `${dir}/film.webm`;
    await Deno.writeTextFile(file, "mine");
    const args = ["download", recording, "-o", file];
    const [exitCode, text] = await fails(args, { fake, env });
    assertEquals(exitCode, 1);
    assertStringIncludes(text, "film.webm exists");
    assertEquals(await Deno.readTextFile(file), "mine");
  });
});

Deno.test("download --session saves every recording of a session that is ready", async () => {
  await withRecording(1000, async ({ fake, recording, dir }) => {
    const { session_id } = await getRecording(fake.fetch, "KEY", recording);
    const session = `${session_id}`;
    const args = ["download", "--session", session, "--dir", dir, "--json"];
    const { exitCode, stdout } = await command(args, { fake, env });
    const saved = JSON.parse(stdout) as { id: string; bytes: number }[];
    assertEquals([exitCode, saved.length >= 1], [0, true]);
    assert(saved.some(({ id, bytes }) => id === recording && bytes === 1000));
    assertEquals((await namesIn(dir)).length, saved.length);
  });
});

Deno.test("download --session writes nothing outside its folder, whatever ids the server has", async () => {
  await withFolder(async (dir) => {
    await Deno.mkdir(`${dir}/inside`);
    await Deno.writeTextFile(`${dir}/mine.webm.part`, "mine");
    await Deno.writeTextFile(`${dir}/mine.webm.part.etag`, '"a"');
    const page = {
      data: [{ id: "../mine", status: "completed" }],
      meta: { total_pages: 1 },
    };
    const args = ["download", "--session", id, "--dir", `${dir}/inside`];
    await fails(args, {
      env,
      fetch: () => Promise.resolve(Response.json(page)),
    });
    assertEquals(await namesIn(dir), [
      "inside",
      "mine.webm.part",
      "mine.webm.part.etag",
    ]);
  });
});

Deno.test("download of a recording that is not ready says what to wait for", async () => {
  await withRecording(1000, async ({ fake, dir }) => {
    const { id } = fake.addRecording({ status: "processing" });
    const [, text] = await fails(["download", id, "--dir", dir], { fake, env });
    assertStringIncludes(text, "has no file yet");
    assertEquals(await namesIn(dir), []);
  });
});

Deno.test("download refuses wrong arguments", async () => {
  const wrong = [
    ["download"],
    ["download", id, "--session", id],
    ["download", id, id.replace("7", "8"), "-o", "x"],
    ["download", "--session", id, "-o", "x"],
    ["download", "standup"],
    ["compose"],
    ["compose", "standup"],
    ["compose", id, id],
  ];
  for (const args of wrong) {
    assertEquals((await fails(args, { env }))[0], 2, args.join(" "));
  }
});

Deno.test("compose orders everyone in a session, with sound", async () => {
  await withRecording(1000, async ({ fake }) => {
    const session = fake.present(id)[0]?.session_id ?? "";
    const ordered = await command(["compose", session], { fake, env });
    assertMatch(ordered.stdout, /\n +Status +enqueued\n/);
    const body = JSON.parse(ordered.requests.at(-1)?.body ?? "");
    assertEquals([body.session_id, body.audio_sources], [session, ["*"]]);
  });
});

Deno.test("compose -o waits, and saves a meeting as one file", async () => {
  // Each look at the clock is a second later, so that the file is soon ready
  let time = Date.now();
  const fake = fakeRooms({
    rooms: [{ id, enable_recording: true }],
    now: () => time += 1000,
  });
  const { id: person, session_id } = fake.join(id, { context: "Alice" });
  fake.leave(person);
  await withFolder(async (dir) => {
    const file = `${dir}/meeting.mp4`;
    const args = ["compose", `${session_id}`, "-o", file];
    const { exitCode, stdout } = await command(args, { fake, env });
    assertEquals([exitCode, stdout], [0, `${file}  4.9 kB\n`]);
    const text = new TextDecoder("latin1").decode(await Deno.readFile(file));
    assertEquals(text.slice(4, 8), "ftyp");
    assertEquals(await namesIn(dir), ["meeting.mp4"]);
  });
});

Deno.test("participants lists who is or was in a session", async () => {
  await withRecording(1000, async ({ fake }) => {
    const [person] = fake.present(id);
    const args = ["participants", "--session", person?.session_id ?? ""];
    const { stdout } = await command(args, { fake, env });
    assertMatch(stdout, /^ID +STAY +NAME\n/);
    assertStringIncludes(stdout, "Alice");
    const one = await command(["participants", person?.id ?? ""], {
      fake,
      env,
    });
    assertMatch(one.stdout, /^Alice\n +Id /);
  });
});

Deno.test("progressText() fits any width, and tells how much, how fast and how long", () => {
  const progress = { bytes: 5_000_000, size: 20_000_000 };
  assertEquals(
    progressText("a.webm", progress, 2_500_000, 120),
    "[#####---------------] 25 %  5.0 MB of 20.0 MB  2.5 MB/s  0:06 left  a.webm",
  );
  for (const width of [40, 80, 200]) {
    const text = progressText("x".repeat(300), progress, 2_500_000, width);
    assert(cellsOf(text) <= width, text);
  }
  assertEquals(
    progressText("a", { bytes: 10, size: undefined }, 0, 80),
    "10 B  a",
  );
});

Deno.test("bytesText() has three digits at most", () => {
  assertEquals(
    [0, 999, 1000, 13_500_000, 2e9, 5e15].map(bytesText),
    ["0 B", "999 B", "1.0 kB", "13.5 MB", "2.0 GB", "5000 TB"],
  );
});

Deno.test("download of several gets what is missing, keeps the others, and goes on after a failure", async () => {
  const fake = fakeRooms({ tokens: ["KEY"] });
  const a = fake.addRecording();
  const b = fake.addRecording({ bytes: 9000 });
  const unready = fake.addRecording({ status: "processing" });
  const missing = id.replace("7", "8");
  await withFolder(async (folder) => {
    const dir = `${folder}/made/here`;
    await Deno.mkdir(dir, { recursive: true });
    await Deno.writeTextFile(`${dir}/${a.id}.webm`, "mine");
    const ids = [missing, a.id, unready.id, b.id];
    const args = ["download", ...ids, "--dir", dir];
    const { exitCode, stderr, stdout } = await command(args, { fake });
    assertEquals([exitCode, stdout], [3, `${dir}/${b.id}.webm  9.0 kB\n`]);
    const lines = stderr.trimEnd().split("\n");
    assertEquals(lines.length, 3);
    assertStringIncludes(lines[0] ?? "", `${missing}: HTTP 404, not found`);
    assertStringIncludes(lines[1] ?? "", `${a.id}.webm exists, and is kept`);
    assertStringIncludes(lines[2] ?? "", "has no file yet");
    assertEquals(await Deno.readTextFile(`${dir}/${a.id}.webm`), "mine");
  });
});

Deno.test("download makes the folder of --dir", async () => {
  await withRecording(1000, async ({ fake, recording, dir }) => {
    const args = ["download", recording, "--dir", `${dir}/a/b`];
    assertEquals((await command(args, { fake, env })).exitCode, 0);
    assertEquals(await namesIn(`${dir}/a/b`), [`${recording}.webm`]);
    await Deno.writeTextFile(`${dir}/file`, "");
    const [exitCode, text] = await fails(
      ["download", recording, "--dir", `${dir}/file/x`],
      { fake, env },
    );
    assertEquals(exitCode, 1);
    assertStringIncludes(text, "Cannot write the file: ENOTDIR");
  });
});

Deno.test("download names a part that is complete, and asks nobody", async () => {
  await withRecording(300_000, async ({ fake, recording, dir }) => {
    const args = ["download", recording, "--dir", dir];
    await command(args, { fake, env });
    const file = `${dir}/${recording}.webm`;
    await Deno.rename(file, `${file}.part`);
    await Deno.writeTextFile(`${file}.part.etag`, '"any"\n300000\n');
    const { length } = fake.requests;
    const { exitCode, stdout } = await command(args, { fake, env });
    assertEquals([exitCode, stdout], [0, `${file}  300 kB\n`]);
    assertEquals(fake.requests.length, length);
    assertEquals(await namesIn(dir), [`${recording}.webm`]);
    assertEquals(await Deno.readFile(file), await bytesOf(fake, recording));
  });
});

Deno.test("compose -o orders nothing if the file exists", async () => {
  await withFile("mine", async (file) => {
    const args = ["compose", id, "-o", file];
    const { exitCode, requests } = await command(args);
    assertEquals([exitCode, requests.length], [1, 0]);
  });
});
