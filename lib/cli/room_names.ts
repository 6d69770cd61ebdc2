// Rooms by their names: wherever a room is meant, its id or its name will do.
import { checkArgument, nameText, uuid } from "../core/arguments.ts";
import { allRooms } from "../client/rooms.ts";
import type { Calling } from "./calling.ts";
import type { Context } from "./command.ts";
import { CommandError, exitCodes, looksSecret, usageError } from "./failure.ts";

/** Finds the id of a room that is given by its id or its name. */
export type FindRoom = (word: string) => Promise<string>;

export const isId = (word: string) => uuid(word) === undefined;

/** The words, each once: ids in upper and lower case are the same. */
export function distinct(words: readonly string[]): string[] {
  const seen = new Set<string>();
  return words.filter((word) => {
    const key = isId(word) ? word.toLowerCase() : word;
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}

/**
 * An id in place of the name of a room, for the checks before it is looked up.
 * Throws if it cannot be a name, or may be a secret: that is never sent.
 */
export function idForChecks(word: string): string {
  if (isId(word)) return word;
  if (looksSecret(word)) {
    throw usageError(
      "A room is given by its id or name, not by a key or token",
    );
  }
  if (!word.trim()) throw usageError("The id or name of a room is empty");
  checkArgument("uniqueName", nameText, word);
  return "00000000-0000-4000-8000-000000000000";
}

/** The id of a room that is given by its id, which is not looked up, or its name. */
export async function roomIdOf(
  word: string,
  apiKey: string,
  calling: Calling,
  { fetch }: Context,
): Promise<string> {
  if (isId(word)) return word;
  const opts = { ...calling, uniqueName: word };
  let found: string | undefined;
  for await (const { id, unique_name } of allRooms(fetch, apiKey, opts)) {
    // A filter may match in part
    if (unique_name !== word || id === found) continue;
    if (found !== undefined) {
      throw usageError(
        `Several rooms are named "${word}": give the id of one`,
      );
    }
    found = id;
  }
  if (found !== undefined) return found;
  throw new CommandError(
    `No room is named "${word}"`,
    exitCodes.notFound,
  );
}
