import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { downloadRecording, getRecording } from "../../mod.ts";
import { progressText } from "../../lib/cli/progress.ts";
import { saveFile, type SaveProgress } from "../../lib/cli/files.ts";
import { bytesText } from "../../lib/cli/view.ts";
import { cellsOf } from "../../lib/cli/width.ts";
import { type FakeRooms, fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import {
  command,
  fails,
  missing,
  until,
  withFile,
  withFolder,
} from "./command.ts";

/** What a test has: a fake with a recording, and a folder that is removed. */
interface Arranged {
  fake: FakeRooms;
  recording: string;
  /** The command that downloads it, into this folder. */
  args: string[];
  dir: string;
  /** Where it is saved. */
  file: string;
}

/** A test that downloads a recording of 300 kB. */
function test(
  name: string,
  fn: (arranged: Arranged) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
    fake.join(id, { context: "Alice" });
    const { id: recording } = fake.addRecording({ bytes: 300_000 });
    await withFolder(async (dir) => {
      const args = ["download", recording, "--dir", dir];
      const file = `${dir}/${recording}.webm`;
      await fn({ fake, recording, args, dir, file });
    });
  });
}

const namesIn = async (dir: string) =>
  (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();

/** Checks that the file is the fake's own, and that nothing is beside it. */
async function assertSaved({ fake, recording, dir, file }: Arranged) {
  assertEquals(await namesIn(dir), [`${recording}.webm`]);
  const { stream } = await downloadRecording(fake.fetch, "KEY", recording);
  assertEquals(await Deno.readFile(file), await new Response(stream).bytes());
}

test("download leaves its part when it is interrupted, and resumes it byte for byte", async (arranged) => {
  const { fake, recording, args, dir, file } = arranged;
  const partSize = () =>
    Deno.stat(`${file}.part`).then(({ size }) => size, () => 0);
  fake.fault({ target: "file", bodyDelayMs: Infinity, afterBytes: 100_000 });
  const stopping = new AbortController();
  const run = command(args, { fake, stop: stopping.signal });
  await until(async () => await partSize() === 100_000);
  stopping.abort();
  assertEquals((await run).exitCode, 130);
  const left = ["part", "part.etag"].map((end) => `${recording}.webm.${end}`);
  fake.fault({ target: "file", status: 404 });
  assertEquals((await fails(args, { fake }))[0], 3);
  assertEquals([await namesIn(dir), await partSize()], [left, 100_000]);

  const { exitCode, stdout, stderr, requests } = await command(args, { fake });
  assertEquals([exitCode, stdout, stderr], [0, `${file}  300 kB\n`, ""]);
  const ranges = requests.map(({ headers }) =>
    new Headers(headers).get("range")
  );
  // From the last byte that is there: past the end, a host has no answer
  assertEquals(ranges.at(-1), "bytes=99999-");
  await assertSaved(arranged);
});

for (
  const [of, etag] of Object.entries({
    "of another file": '"other"',
    "without an ETag, as a full disk leaves it": "",
    "with half an ETag": '"oth',
  })
) {
  test(`download begins anew if the part is ${of}`, async (arranged) => {
    const { fake, args, file } = arranged;
    await Deno.writeTextFile(`${file}.part`, "of another file");
    await Deno.writeTextFile(`${file}.part.etag`, etag);
    const { exitCode, stderr } = await command(args, { fake, isTTY: true });
    assertEquals([exitCode, stderr.endsWith("\r\x1b[K")], [0, true]);
    await assertSaved(arranged);
  });
}

test("download cannot be made to move the cursor by the name of a file", async ({ fake, recording, dir }) => {
  const args = ["download", recording, "-o", `${dir}/\x1b[2Ja`];
  const { stdout, stderr } = await command(args, { fake, isTTY: true });
  assertEquals(stdout, `${dir}/\\u{1b}[2Ja  300 kB\n`);
  assert(!stderr.includes("\x1b[2J"));
  const [, problem] = await fails(args, { fake });
  assert(problem.includes("\\u{1b}[2Ja exists"), problem);
});

test("download names a part that is complete, and asks nobody", async (arranged) => {
  const { fake, args, file } = arranged;
  await command(args, { fake });
  await Deno.rename(file, `${file}.part`);
  await Deno.writeTextFile(`${file}.part.etag`, '"any"\n300000\n');
  const { length } = fake.requests;
  const { exitCode, stdout } = await command(args, { fake });
  assertEquals([exitCode, stdout], [0, `${file}  300 kB\n`]);
  assertEquals(fake.requests.length, length);
  await assertSaved(arranged);
});

Deno.test("saveFile() ends a download that it can't write, and leaves no part that can't be resumed", async () => {
  await withFolder(async (dir) => {
    for (const name of ["no/such/folder", "file"]) {
      let canceled = 0;
      const stream = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(9)),
        cancel: () => void canceled++,
      });
      const start = () => Promise.resolve({ record: {}, stream });
      const onProgress = ({ bytes }: SaveProgress) => {
        if (bytes > 0) throw new Error("enough");
      };
      await assertRejects(() => saveFile(`${dir}/${name}`, start, onProgress));
      assertEquals([canceled, await namesIn(dir)], [1, []]);
    }
  });
});

for (const etag of ['"a"', undefined]) {
  for (const isFirstFaster of [true, false]) {
    const which = isFirstFaster ? "first" : "second";
    Deno.test(`saveFile() mixes no two downloads of a file ${etag ? "with" : "without"} an ETag, of which the ${which} ends first`, async () => {
      const whole = "all of the file";
      await withFolder(async (dir) => {
        const file = `${dir}/file`;
        /** Begins a download that stops after its first bytes, until it may go on. */
        const begin = async () => {
          const goOn = Promise.withResolvers<void>();
          const began = Promise.withResolvers<void>();
          const saved = saveFile(file, ({ offset = 0 }) => {
            const left = [
              whole.slice(offset, offset + 3),
              whole.slice(offset + 3),
            ];
            const stream = new ReadableStream<Uint8Array>({
              async pull(controller) {
                if (left.length === 1) await goOn.promise;
                const text = left.shift();
                if (text === undefined) controller.close();
                else controller.enqueue(new TextEncoder().encode(text));
              },
            });
            const { length: size } = whole;
            return Promise.resolve({
              record: {},
              stream,
              size,
              ...etag && { etag },
            });
          }, ({ bytes }) => {
            if (bytes === 3 || bytes === 6) began.resolve();
          }).then(() => "saved", (error) => (error as Error).message);
          await Promise.race([began.promise, saved]);
          return { saved, goOn: goOn.resolve };
        };
        const both = [await begin(), await begin()];
        const outcomes: string[] = [];
        for (const { saved, goOn } of isFirstFaster ? both : both.reverse()) {
          goOn();
          outcomes.push(await saved);
        }
        assertEquals(
          outcomes.filter((outcome) => outcome === "saved").length,
          1,
        );
        assertEquals(await Deno.readTextFile(file), whole);
      });
    });
  }
}

Deno.test("download and compose replace no file, and say so before anything is sent", async () => {
  await withFile("mine", async (file) => {
    for (const name of ["download", "compose"]) {
      const args = [name, id, "-o", file];
      const { exitCode, stderr, requests } = await command(args);
      assertEquals([exitCode, requests.length], [1, 0]);
      assertStringIncludes(stderr, "file exists");
    }
    assertEquals(await Deno.readTextFile(file), "mine");
  });
});

test("download --session saves every recording of a session that is ready", async ({ fake, recording, dir }) => {
  const { session_id } = await getRecording(fake.fetch, "KEY", recording);
  const args = ["download", "--session", `${session_id}`, "--dir", dir];
  const { exitCode, stdout } = await command([...args, "--json"], { fake });
  assertEquals(exitCode, 0);
  const [saved] = JSON.parse(stdout);
  assertEquals([saved.id, saved.bytes], [recording, 300_000]);
  assertEquals(await namesIn(dir), [`${recording}.webm`]);
});

Deno.test("download --session writes nothing outside its folder, whatever ids the server has", async () => {
  await withFolder(async (dir) => {
    await Deno.mkdir(`${dir}/inside`);
    await Deno.writeTextFile(`${dir}/mine.webm.part`, "mine");
    await Deno.writeTextFile(`${dir}/mine.webm.part.etag`, '"a"');
    const before = await namesIn(dir);
    const page = {
      data: [{ id: "../mine", status: "completed" }],
      meta: { total_pages: 1 },
    };
    const args = ["download", "--session", id, "--dir", `${dir}/inside`];
    await fails(args, { fetch: () => Promise.resolve(Response.json(page)) });
    assertEquals(await namesIn(dir), before);
  });
});

test("download of several gets what is missing, keeps the others, and goes on after a failure", async ({ fake, recording, dir, file }) => {
  const a = fake.addRecording();
  const unready = fake.addRecording({ status: "processing" });
  await Deno.writeTextFile(`${dir}/${a.id}.webm`, "mine");
  const ids = [missing, a.id, unready.id, recording];
  const args = ["download", ...ids, "--dir", dir];
  const { exitCode, stderr, stdout } = await command(args, { fake });
  assertEquals([exitCode, stdout], [3, `${file}  300 kB\n`]);
  const [first = "", second = "", third = "", ...more] = stderr.split("\n");
  assertStringIncludes(first, `${missing}: HTTP 404, not found`);
  assertStringIncludes(second, `${a.id}.webm exists, and is kept`);
  assertStringIncludes(third, "has no file yet");
  assertEquals(more, [""]);
  assertEquals(await Deno.readTextFile(`${dir}/${a.id}.webm`), "mine");
});

test("download makes the folder of --dir", async ({ fake, recording, dir }) => {
  const args = ["download", recording, "--dir"];
  const made = await command([...args, `${dir}/a/b`], { fake });
  assertEquals(made.exitCode, 0);
  assertEquals(await namesIn(`${dir}/a/b`), [`${recording}.webm`]);
  await Deno.writeTextFile(`${dir}/file`, "");
  const [exitCode, text] = await fails([...args, `${dir}/file/x`], { fake });
  assertEquals(exitCode, 1);
  assertStringIncludes(text, "Cannot write the file: ENOTDIR");
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
    const { exitCode, stdout, stderr } = await command(args, { fake });
    assertEquals([exitCode, stdout, stderr], [0, `${file}  4.9 kB\n`, ""]);
    const text = new TextDecoder("latin1").decode(await Deno.readFile(file));
    assertEquals(text.slice(4, 8), "ftyp");
    assertEquals(await namesIn(dir), ["meeting.mp4"]);
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
  const unsized = { bytes: 10, size: undefined };
  assertEquals(progressText("a", unsized, 0, 80), "10 B  a");
});

Deno.test("bytesText() has three digits at most", () => {
  assertEquals(
    [0, 999, 1000, 13_500_000, 2e9, 5e15].map(bytesText),
    ["0 B", "999 B", "1.0 kB", "13.5 MB", "2.0 GB", "5000 TB"],
  );
});
