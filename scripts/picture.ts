/**
 * `deno task docs:picture`: draws what `telnyx-rooms get` prints for the example
 * room into `docs/terminal.svg`. The output is the command's own; only the clock
 * stands still, on the day of the example.
 */
import { exampleRooms } from "../lib/cli/example_rooms.ts";
import { run } from "../lib/cli/run.ts";
import { fakeRooms } from "../lib/testing/fake_rooms.ts";
import { terminalSvg } from "./terminal_svg.ts";

/** The picture, drawn anew. */
export async function picture(): Promise<string> {
  const [{ id }] = exampleRooms;
  const args = ["get", id, "--sessions"];
  let [output, errors] = ["", ""];
  const code = await run(args, {
    env: { TELNYX_API_KEY: "any" },
    stdout: { write: (text) => output += text, isTTY: true, columns: 80 },
    stderr: { write: (text) => errors += text },
    fetch: fakeRooms({ rooms: exampleRooms }).fetch,
    now: () => Date.parse("2021-04-16T10:30:00Z"),
    sleep: () => Promise.resolve(),
    stop: new AbortController().signal,
  });
  if (code !== 0) throw new Error(`telnyx-rooms: ${code} ${errors}`);
  const command = `\x1b[2m$\x1b[0m telnyx-rooms ${args.join(" ")}\n\n`;
  return terminalSvg(command + output, `What ${args[0]} prints in a terminal`);
}

if (import.meta.main) {
  const file = new URL("../docs/terminal.svg", import.meta.url);
  await Deno.writeTextFile(file, await picture());
  console.log("docs/terminal.svg is written");
}
