// Reads options once, so that what was checked is what is used.
import { checkArgument } from "./arguments.ts";
import { anyObject } from "./decode.ts";
import { InvalidArgumentError } from "./errors.ts";
import { readForeign, shown } from "./foreign.ts";
import { checkName } from "./known_names.ts";

/** The most prototypes of options: those of a proxy need not have an end. */
const maxPrototypes = 100;

/**
 * The name of an option that an object does not have itself, but inherits. Not
 * from the last prototype, which is `Object.prototype`: nobody gives an option by
 * that, but a flaw elsewhere may have added to it.
 */
function inheritedName(
  value: object,
  known: readonly string[],
): string | undefined {
  let next: object | null = Object.getPrototypeOf(value);
  for (let count = 0; next !== null; count++) {
    if (count > maxPrototypes) {
      throw new RangeError("The object has too many prototypes");
    }
    const prototype = next;
    next = Object.getPrototypeOf(prototype);
    if (next === null) return undefined;
    // A getter of a class is not listed
    const names = [
      ...Object.keys(prototype),
      ...known.filter((name) => Object.hasOwn(prototype, name)),
    ];
    const inherited = names.find((name) => !Object.hasOwn(value, name));
    if (inherited !== undefined) return inherited;
  }
}

/**
 * Copies options: own properties, each read once. Throws if a name is not known
 * and its value is not undefined, and if an option is inherited, since copies of
 * the object would lose it. What `Object.prototype` has is no option.
 */
export function readOptions<T extends object>(
  argument: string,
  value: T,
  known: readonly string[],
  secrets: readonly string[] = [],
): T {
  const whole = argument || "opts";
  const pathOf = (name: string) => argument ? `${argument}.${name}` : name;
  checkArgument(whole, anyObject, value, secrets);
  const inherited = readForeign(
    whole,
    secrets,
    () => inheritedName(value, known),
  );
  if (inherited !== undefined) {
    throw new InvalidArgumentError(
      shown(pathOf(inherited), secrets),
      "is inherited: make it a property of the object itself",
    );
  }
  const copy: T = Object.create(null);
  for (const name of readForeign(whole, secrets, () => Object.keys(value))) {
    const item: unknown = readForeign(
      pathOf(name),
      secrets,
      () => Reflect.get(value, name),
    );
    if (item === undefined) continue;
    checkName(argument, name, known, secrets);
    Reflect.set(copy, name, item);
  }
  return copy;
}

/**
 * A copy of options that were read, still without a prototype: a rest, as in
 * `{ limit, ...options }`, has `Object.prototype` again.
 */
export function withoutPrototype<T extends object>(options: T): T {
  return Object.assign(Object.create(null), options);
}
