/** What the installed command does on each runtime when its output is lost. */
import { sh } from "../../scripts/sh.ts";
import type { Result } from "../report_rows.ts";

const full = "telnyx-rooms: Cannot write to stdout: ENOSPC\n";
const ends = "telnyx-rooms: stdout is closed, so the command ends\n";

/** Waits until nobody reads the pipe that a shell writes to. */
export const unread = 'trap "" PIPE; while echo; do sleep 0.01; done 2>&-;';

/** A line of a shell, in which `"$@"` is the command, its arguments and the result. */
const cases: [line: string, args: string[], code: number, stderr: string][] = [
  ['exec "$@" >/dev/full', ["--help"], 1, full],
  ['exec "$@" >/dev/full', ["serve", "--port", "0"], 1, full],
  ['exec "$@" 2>/dev/full', ["get"], 2, ""],
  ['exec "$@" 2>&-', ["get"], 2, ""],
  ['{ "$@"; echo $? >&2; } | head -n 1 >/dev/null', ["--help"], 0, "0\n"],
  [
    `{ ${unread} "$@"; echo $? >&2; } | true`,
    ["serve", "--port", "0"],
    0,
    `${ends}0\n`,
  ],
];

/**
 * Runs the command with a full disk, or nobody who reads, as its output.
 *
 * @param runtimes What runs the command on each runtime.
 */
export async function runWithLostOutput(
  runtimes: Record<string, string[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [runtime, command] of Object.entries(runtimes)) {
    for (const [line, args, ...expected] of cases) {
      const all = ["-c", line, "sh", ...command, ...args];
      const { code, stderr } = await sh("sh", all);
      const failure = code === expected[0] && stderr === expected[1]
        ? ""
        : `${code} ${stderr}`;
      results.push({ name: `${runtime}, ${args.join(" ")}, ${line}`, failure });
    }
  }
  return results;
}
