// Refuses names of options that do not exist, and says which one was meant.
import { InvalidArgumentError } from "./errors.ts";

/** How many pairs of letters of a word are in another. */
function likeness(word: string, other: string): number {
  let shared = 0;
  for (let i = 0; i + 1 < word.length; i++) {
    if (other.includes(word.slice(i, i + 2))) shared++;
  }
  return shared;
}

/** A name as it is compared: `room_id` and `roomID` are like `roomId`. */
const plain = (name: string) => name.replaceAll(/[_-]/g, "").toLowerCase();

/** The known name that is most like a wrong one; undefined if none is. */
export function nearest(
  name: string,
  known: readonly string[],
): string | undefined {
  const word = plain(name);
  const like = (other: string) => likeness(word, plain(other));
  const [best] = [...known].sort((a, b) => like(b) - like(a));
  return best !== undefined && like(best) > 0 ? best : undefined;
}

/**
 * Throws if a name is not known.
 *
 * @param argument The name in errors of the object that has it; `""` for the
 * options.
 */
export function checkName(
  argument: string,
  name: string,
  known: readonly string[],
): void {
  if (known.includes(name)) return;
  const shown = name.slice(0, 50);
  const hint = nearest(shown, known);
  throw new InvalidArgumentError(
    argument ? `${argument}.${shown}` : shown,
    hint ? `is unknown: did you mean '${hint}'?` : "is unknown",
  );
}

/**
 * Throws if an object has a property with a name that is not known, unless its
 * value is undefined.
 *
 * @param argument The object's name in errors; `""` for the options.
 */
export function checkNames(
  argument: string,
  value: object,
  known: readonly string[],
): void {
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    if (Reflect.get(value, name) === undefined) continue;
    checkName(argument, name, known);
  }
}
