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

/** Forbids `new Date()`, but not a date of given parts. */
const TimelessDate = new Proxy(Date, {
  construct(target, args) {
    if (args.length > 0) return Reflect.construct(target, args);
    throw new Error("The core is pure: it may not use new Date()");
  },
});

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
globalThis.Date = TimelessDate;

const folder = new URL("../core/", import.meta.url);
for await (const { name } of Deno.readDir(folder)) {
  if (name.endsWith("_test.ts")) await import(`${folder}${name}`);
}
