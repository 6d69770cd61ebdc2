/**
 * `deno task compatibility [faults|sdk|WORD]`: compares with other software, and
 * writes `docs/reliability.md` (`faults`: misbehaving servers, in three clients)
 * and `docs/compatibility.md` (the packed package with other software, each row
 * in its own project). `sdk` compares requests, types and results with those of
 * Telnyx's SDK. Another word runs only rows with that word in their name, and
 * writes nothing. Ends with the line `N passed, N failed`.
 */
import { exampleRooms } from "../support/example_rooms.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import {
  npmProject,
  pack,
  runtimePackages,
} from "../../scripts/install_package.ts";
import { must, root, sh } from "../../scripts/sh.ts";
import { toPage, toTable } from "../support/page.ts";
import { end, report } from "../support/task.ts";
import { compareFaults } from "./faults.ts";
import { all, type Combination, groups } from "./rows.ts";
import { compareSdk } from "./sdk.ts";

const [word = ""] = Deno.args;
const [{ id: ROOM_ID }] = exampleRooms;
const work = await Deno.makeTempDir();
const tools = `${work}/tools/node_modules`;

/** Runs a row in its own project; returns its output. */
async function run(
  row: Combination,
  dir: string,
  tarball: string,
): Promise<string> {
  await npmProject(dir, [tarball, ...row.packages.split(" ")]);
  const here = `${root}tests/compatibility`;
  const shared = [`${here}/calls.mjs`, `${here}/next.mjs`];
  await must("cp", ["-r", ...shared, `${root}examples/who_is_here/app`, dir]);
  const files = { ...row.files, "main.mjs": row.code };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${dir}/${name}`, text);
  }
  const { url, close } = await serveRooms(fakeRooms({ rooms: exampleRooms }));
  const { by = "node-24/bin/node", run = "main.mjs" } = row;
  const own = `${dir}/node_modules/${by}`;
  const isOwn = await Deno.stat(own).then(() => true, () => false);
  const env = { TELNYX_BASE_URL: url, ROOM_ID, TELNYX_API_KEY: "KEY" };
  try {
    const { stdout, stderr } = await sh(
      isOwn ? own : `${tools}/${by}`,
      run.split(" "),
      { cwd: dir, env: { ...env, NEXT_TELEMETRY_DISABLED: "1" } },
    );
    return `${stdout}${stderr}`;
  } finally {
    await close();
  }
}

/** The version of the first package of a row. */
async function versionOf({ packages }: Combination, dir: string) {
  const [name] = /^@?[^@ ]+/.exec(packages) ?? [];
  const file = `${dir}/node_modules/${name}/package.json`;
  return JSON.parse(await Deno.readTextFile(file)).version;
}

/** Runs the rows that the word names; returns the page. */
async function runRows(tarball: string): Promise<string> {
  await npmProject(`${work}/tools`, runtimePackages);
  // npm chooses releases for the Node that it runs on
  Deno.env.set("PATH", `${tools}/node-24/bin:${Deno.env.get("PATH")}`);
  const tables: string[] = [];
  for (const [group, rows] of Object.entries(groups)) {
    const table = [["what", "version", "result"]];
    for (const row of rows) {
      if (!row.name.toLowerCase().includes(word.toLowerCase())) continue;
      const dir = `${work}/row`;
      const printed = await run(row, dir, tarball).catch(String);
      const version = await versionOf(row, dir).catch(String);
      await Deno.remove(dir, { recursive: true });
      const holds = printed.includes(row.prints ?? all);
      report(`${row.name}, ${version}`, !holds && printed.slice(0, 2000));
      const result = holds ? row.result ?? "works" : "✗ fails";
      table.push([row.name, version, result]);
    }
    tables.push(`## ${group}\n\n${toTable(table)}`);
  }
  const template = `${root}tests/compatibility/rows.md`;
  const parts = { tables: tables.join("\n\n") };
  return toPage(await Deno.readTextFile(template), parts);
}

try {
  if (!word || word === "faults") await compareFaults();
  if (word !== "faults") {
    const tarball = await pack(work);
    if (!word || word === "sdk") await compareSdk(work, tarball);
    const page = word === "sdk" ? "" : await runRows(tarball);
    if (!word) await Deno.writeTextFile(`${root}docs/compatibility.md`, page);
  }
} finally {
  await Deno.remove(work, { recursive: true });
}
end();
