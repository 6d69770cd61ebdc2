/**
 * `deno task compatibility [WORD]`: runs the packed package with other people's
 * software, each row in a project of its own, and writes
 * `docs/compatibility.md`; with a word, only the rows that have it in their
 * names, and no page. Closes with the line `N passed, N failed`.
 */
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { serve } from "../../lib/cli/serve.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { npmProject, pack } from "../../scripts/install_package.ts";
import { binary, runtimePackages } from "../../scripts/runtime_packages.ts";
import { must, root, sh } from "../../scripts/sh.ts";
import { all, type Row, rows } from "./rows.ts";

const [word = ""] = Deno.args;
const work = await Deno.makeTempDir();
const tools = `${work}/tools`;

/** Runs a row in a project of its own; tells what it printed. */
async function run(row: Row, dir: string, tarball: string): Promise<string> {
  await npmProject(dir, [tarball, ...row.packages]);
  const files = { ...row.files, "main.mjs": row.code };
  for (const name of ["calls.mjs", "next.mjs"]) {
    await Deno.copyFile(`${root}tests/compatibility/${name}`, `${dir}/${name}`);
  }
  for (const name of row.copies ?? []) {
    await must("cp", ["-r", `${root}${name}`, dir]);
  }
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${dir}/${name}`, text);
  }
  const { baseUrl, close } = await serve(fakeRooms({ rooms: exampleRooms }), 0);
  const [command = "", ...args] = row.run ?? ["node", "main.mjs"];
  const bin = command === "bun" ? "bun" : row.node ?? "node-24";
  try {
    const { stdout, stderr } = await sh(
      row.binary ? `${dir}/node_modules/${row.binary}` : binary(tools, bin),
      args,
      {
        cwd: dir,
        env: {
          ROOMS_URL: baseUrl,
          ROOM_ID: exampleRooms[0].id,
          TELNYX_API_KEY: "KEY",
          NEXT_TELEMETRY_DISABLED: "1",
        },
      },
    );
    return `${stdout}${stderr}`;
  } finally {
    await close();
  }
}

/** The version of the software that a row is about. */
async function version({ packages: [first = ""] }: Row, dir: string) {
  const name = first.replace(/(?<=.)@.*/, "");
  const file = `${dir}/node_modules/${name}/package.json`;
  return JSON.parse(await Deno.readTextFile(file)).version;
}

const lines = [`# Compatibility

Written by \`deno task compatibility\`, which installs this package and each
software from npm, runs a small program, and writes this page anew; it downloads
some 2 GB. Where nothing else is said, a program has a room retrieved, listed,
created and deleted, and sees the 404 of one that is not there. The programs are
in [tests/compatibility/rows.ts](../tests/compatibility/rows.ts).
`];
let [passed, failed, group] = [0, 0, ""];
try {
  const tarball = await pack(work);
  await npmProject(
    tools,
    Object.entries(runtimePackages).map(([name, it]) => `${name}@${it}`),
  );
  // npm takes the newest releases for the Node that it runs on
  const bin = binary(tools, "node-24").replace(/\/node$/, "");
  Deno.env.set("PATH", `${bin}:${Deno.env.get("PATH")}`);
  for (const [i, row] of rows.entries()) {
    if (!row.name.toLowerCase().includes(word.toLowerCase())) continue;
    const dir = `${work}/${i}`;
    const printed = await run(row, dir, tarball).catch(String);
    const holds = printed.includes(row.prints ?? all);
    holds ? passed++ : failed++;
    const told = await version(row, dir).catch(() => "?");
    console.log(`${holds ? "ok" : "FAILED"}: ${row.name}, ${told}`);
    if (!holds) console.log(printed.slice(0, 2000));
    if (row.group !== group) {
      group = row.group;
      lines.push(`\n## ${group}\n\n| what | version | result |\n|-|-|-|`);
    }
    const result = holds ? row.result ?? "works" : "✗ fails";
    lines.push(`| ${row.name} | ${told} | ${result} |`);
    await Deno.remove(dir, { recursive: true });
  }
} finally {
  await Deno.remove(work, { recursive: true });
}
if (!word) {
  const page = `${root}docs/compatibility.md`;
  await Deno.writeTextFile(page, `${lines.join("\n")}\n`);
  await must(Deno.execPath(), ["fmt", "--quiet", page]);
}
console.log(`\n${passed} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
