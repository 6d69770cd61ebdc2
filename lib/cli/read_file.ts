import { readFile } from "node:fs/promises";
import { CommandError, permissionAdvice } from "./failure.ts";

/**
 * The text of the file that an option names, without a byte order mark. An error
 * says why it cannot be read; it names the option instead of the file, which may
 * be a key in the wrong place.
 */
export async function readFileText(
  flag: string,
  file: string,
  exitCode: number,
): Promise<string> {
  const fail = (why: string) =>
    new CommandError(`Cannot read the file of ${flag}: ${why}`, exitCode);
  const bytes = await readFile(file).catch((error) => {
    const { code } = error as { code?: string };
    const why = code === "ENOENT" ? "no such file" : code ?? "unreadable";
    throw fail(permissionAdvice(error) ?? why);
  });
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff);
  if (isUtf16) throw fail("it is UTF-16; save it as UTF-8");
  try {
    // Decoding drops a byte order mark
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fail("it is not UTF-8");
  }
}
