import { readFile } from "node:fs/promises";
import { CommandError } from "./failure.ts";

/** What a file holds, or why it can't be read. */
export async function readFileText(
  what: string,
  file: string,
  exitCode: number,
): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as { code?: string };
    const why = code === "ENOENT" ? "no such file" : code ?? "unreadable";
    throw new CommandError(`Cannot read ${what} '${file}': ${why}`, exitCode);
  }
}
