/**
 * `deno task download [--bytes N]`: downloads 2 GB from the fake over loopback, on
 * Deno, Node and Bun: cut 20 times, with a link that expires, and from a host that
 * ignores ranges; each is compared by its hash, and memory has to stay flat. Then
 * the throughput beside the same runtime's bare `fetch`. Ends with the line
 * `N passed, N failed`.
 */
import {
  binary,
  npmProject,
  runtimePackages,
} from "../../scripts/install_package.ts";
import { must } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { commands, end, numberOption, report } from "../support/task.ts";
import { race, runScenario, scenarios } from "./scenarios.ts";

const bytes = numberOption("bytes", 2_000_000_000, 1_000_000);

/** How fast a download has to be, compared with bare `fetch`. */
const minRatio = 0.9;

await withBundle(async (module, dir) => {
  const tools = `${dir}/tools`;
  await npmProject(tools, runtimePackages);
  const runtimes = [
    ...Object.values(commands),
    [binary(tools, "node-newest")],
    // The `fetch` of Bun has back-pressure from 1.4.0 on: 1.3.14 reads all
    [binary(tools, "bun")],
  ];
  for (const command of runtimes) {
    const [program = ""] = command;
    const version = /\d[\d.]*/.exec(await must(program, ["--version"]));
    const runtime = `${program.split("/").pop()} ${version}`;
    for (const [name, scenario] of Object.entries(scenarios)) {
      const { grownMiB, problems } = await runScenario(
        command,
        module,
        scenario,
        bytes,
      );
      const shown = `${runtime}, ${name}, ${grownMiB.toFixed()} MiB`;
      report(shown, problems.length > 0 && problems.join("; "));
    }
    const ratio = await race(command, module, bytes);
    const shown = `${runtime}, ${ratio.toFixed(2)} of the speed of bare fetch`;
    report(shown, ratio < minRatio && `less than ${minRatio}`);
  }
});
end();
