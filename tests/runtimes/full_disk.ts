/** Whether the installed command says that its output is lost, on each runtime. */
import type { Row } from "../../scripts/install_package.ts";
import { sh } from "../../scripts/sh.ts";

/**
 * Runs the command with a full disk as its stdout.
 *
 * @param runtimes The name of each runtime, and what runs a file with it.
 * @param main The file of the command.
 */
export async function runOnFullDisk(
  runtimes: [name: string, command: string[]][],
  main: string,
): Promise<Row> {
  const row: Row = {
    name: "the command, full disk",
    version: "",
    passed: 0,
    failures: [],
  };
  if (Deno.build.os !== "linux") return { ...row, skipped: "no /dev/full" };
  for (const [name, command] of runtimes) {
    for (const args of [["--help"], ["serve", "--port", "0"]]) {
      const line = 'exec "$@" >/dev/full';
      const { code, stderr } = await sh("sh", [
        ...["-c", line, "sh"],
        ...[...command, main, ...args],
      ]);
      const expected = "telnyx-rooms: Cannot write to stdout: ENOSPC\n";
      if (code === 1 && stderr === expected) row.passed++;
      else row.failures.push(`${name}, ${args.join(" ")}: ${code} ${stderr}`);
    }
  }
  return row;
}
