/**
 * Runs the tests of `lib/core/` in a world without a clock, chance, timers or a
 * network: `deno test tests/support/pure_core.ts`. Each throws when it is used.
 */
import fc from "fast-check";

// Without a seed, fast-check asks the clock for one
fc.configureGlobal({ seed: Date.now() });

function forbid(owner: object, name: string): void {
  const thrower = () => {
    throw new Error(`The core is pure: it may not use ${name}`);
  };
  Object.defineProperty(owner, name, { get: thrower, configurable: true });
}

class TimelessDate extends Date {
  constructor(...args: ConstructorParameters<typeof Date>) {
    if (args.length === 0) {
      throw new Error("The core is pure: it may not use new Date()");
    }
    super(...args);
  }
}
forbid(Date, "now");
forbid(Math, "random");
for (
  const name of [
    "crypto",
    "fetch",
    "performance",
    "queueMicrotask",
    "setInterval",
    "setTimeout",
  ]
) forbid(globalThis, name);
globalThis.Date = TimelessDate as DateConstructor;

const folder = new URL("../core/", import.meta.url);
for await (const { name } of Deno.readDir(folder)) {
  if (name.endsWith("_test.ts")) await import(`${folder}${name}`);
}
