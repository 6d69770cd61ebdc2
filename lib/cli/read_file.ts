import { readFile } from "node:fs/promises";
import { CommandError } from "./failure.ts";

/** The text of a file; an error says why it cannot be read. */
export async function readFileText(
  file: string,
  exitCode: number,
): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as { code?: string };
    const why = code === "ENOENT" ? "no such file" : code ?? "unreadable";
    throw new CommandError(`Cannot read '${file}': ${why}`, exitCode);
  }
}
