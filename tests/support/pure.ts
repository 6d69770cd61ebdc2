/**
 * Takes the clock, chance, timers and the network from the file that imports it,
 * before what it imports next: each throws when it is used. Every test of
 * `lib/core/` begins with it.
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
