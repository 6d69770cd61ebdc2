/** `deno task start`: the demo, or any other command of the command line. */
import process from "node:process";

if (Deno.args.length === 0) process.argv.push("demo");
await import("../lib/cli/main.ts");
