/** What the installed command does on each runtime when its output is lost. */
import type { ReportRow } from "../../scripts/install_package.ts";
import { sh } from "../../scripts/sh.ts";

const full = "telnyx-rooms: Cannot write to stdout: ENOSPC\n";
const ends = "telnyx-rooms: stdout is closed, so the command ends\n";

/** A line of a shell, in which `"$@"` is the command, its arguments and the result. */
const cases: [line: string, args: string[], code: number, stderr: string][] = [
  ['exec "$@" >/dev/full', ["--help"], 1, full],
  ['exec "$@" >/dev/full', ["serve", "--port", "0"], 1, full],
  ['exec "$@" 2>/dev/full', ["get"], 2, ""],
  ['exec "$@" 2>&-', ["get"], 2, ""],
  ['{ "$@"; echo $? >&2; } | head -n 1 >/dev/null', ["--help"], 0, "0\n"],
  [
    '{ "$@"; echo $? >&2; } | true',
    ["serve", "--port", "0"],
    0,
    `${ends}0\n`,
  ],
];

/**
 * Runs the command with a full disk, or nobody who reads, as its output.
 *
 * @param runtimes The name of each runtime, and what runs a file with it.
 * @param main The file of the command.
 */
export async function runWithLostOutput(
  runtimes: [name: string, command: string[]][],
  main: string,
): Promise<ReportRow> {
  const row: ReportRow = {
    name: "the command, lost output",
    version: "",
    passed: 0,
    failures: [],
  };
  if (Deno.build.os !== "linux") return { ...row, skipped: "no /dev/full" };
  for (const [name, command] of runtimes) {
    for (const [line, args, code, stderr] of cases) {
      const result = await sh("sh", [
        ...["-c", line, "sh"],
        ...[...command, main, ...args],
      ]);
      const isExpected = result.code === code && result.stderr === stderr;
      if (isExpected) row.passed++;
      else {
        row.failures.push(
          `${name}, ${
            args.join(" ")
          }, ${line}: ${result.code} ${result.stderr}`,
        );
      }
    }
  }
  return row;
}
