/**
 * Imports bundles in a realm that has nothing but ECMAScript itself, as Node's
 * `vm` makes it: no fetch, no TextDecoder, no URL, no timers.
 */
import { readFile } from "node:fs/promises";
import process from "node:process";
import vm from "node:vm";

for (const file of process.argv.slice(2)) {
  const context = vm.createContext({});
  const source = await readFile(file, "utf8");
  const module = new vm.SourceTextModule(source, { context });
  await module.link(() => {
    throw new Error("It imports something");
  });
  await module.evaluate();
  console.log(Object.keys(module.namespace).length > 0 ? "imported" : "empty");
}
