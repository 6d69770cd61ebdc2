/**
 * `deno task start`: shows the life of a room with commands that call a fake
 * provider over HTTP; or runs any command of the command line.
 */
import process from "node:process";
import { listCompositions } from "../lib/client/compositions.ts";
import type { Context } from "../lib/cli/command.ts";
import { wrap } from "../lib/cli/text.ts";
import { cut } from "../lib/cli/width.ts";
import { run } from "../lib/cli/run.ts";
import { fakeRooms, serveRooms } from "../lib/testing/fake_rooms.ts";

/** What to try after the story, with the `deno` that runs it. */
function whatNext(): string {
  const isFromNpm = Deno.execPath().includes("node_modules");
  const start = `${isFromNpm ? "npx -y deno@2" : "deno"} task start`;
  return `
What to try next:

  ${start} serve --simulate   # a fake to watch in your browser
  ${start} --help             # every command
  TELNYX_API_KEY=KEY ${start} list   # your own rooms

README.md has your first program, under "First call".
`;
}

async function story(): Promise<void> {
  const { stdout, stderr } = process;
  let now = Date.now();
  const { isTTY, columns = 80 } = stdout;
  const context: Context = {
    env: { TELNYX_API_KEY: "any", NO_COLOR: process.env.NO_COLOR },
    stdin: {
      readLine: () => Promise.resolve(""),
      readAll: () => Promise.resolve(""),
    },
    stdout: {
      isTTY,
      columns,
      // A whole token would fill the screen
      write: (text) =>
        stdout.write(
          text.split("\n").map((line) => cut(line, columns - 1)).join("\n"),
        ),
    },
    stderr,
    fetch,
    now: () => now,
    stop: new AbortController().signal,
  };
  const fake = fakeRooms({ now: () => now });
  const [home, dir] = [Deno.cwd(), await Deno.makeTempDir()];
  Deno.chdir(dir); // for the file that is saved
  const { url, close } = await serveRooms(fake);
  const show = async (...words: string[]) => {
    const line = `$ telnyx-rooms ${words.join(" ")}`;
    stdout.write(`\n${wrap(line, 76).join(" \\\n    ")}\n`);
    process.exitCode ||= await run([...words, "--base-url", url], context);
  };
  stdout.write(`A fake provider listens on ${url}.\n`);
  try {
    await show("create", "--name", "standup", "--recording", "on");
    const { id = "" } = fake.rooms[0] ?? {};
    await show("token", id);
    const alice = fake.join(id, { context: "Alice" });
    fake.join(id, { context: "Bob" });
    stdout.write("\nAlice and Bob join.\n");
    await show("get", id, "--sessions");
    now += 25 * 60_000;
    fake.leave(alice.id);
    stdout.write("\nAlice leaves after 25 minutes.\n");
    const session = alice.session_id ?? "";
    await show("sessions", session);
    await show("end", session, "--yes");
    now += 60_000;
    await show("list");
    await show("recordings", "--room", id);
    await show("compose", session);
    now += 60_000;
    stdout.write("\nA minute later, the meeting is one file.\n");
    const { data: [film] } = await listCompositions(fake.fetch, "any");
    const composition = film?.id ?? "";
    await show("download", "--composition", composition, "-o", "meeting.mp4");
    stdout.write(whatNext());
  } finally {
    Deno.chdir(home);
    await Deno.remove(dir, { recursive: true });
    await close();
  }
}

if (Deno.args.length === 0) await story();
else await import("../lib/cli/main.ts");
