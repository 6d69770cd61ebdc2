/** The folders of `lib/` are floors: imports only go down, or stay. */
import { assert, assertEquals } from "@std/assert";
import { readdir } from "node:fs/promises";
import { root } from "../scripts/sh.ts";
import { deno } from "./support/child.ts";

/** The floors, the lowest first. */
const floors = ["core", "client", "testing", "cli"];

interface Import {
  specifier: string;
  code?: { specifier: string };
  type?: { specifier: string };
  isDynamic?: boolean;
}

/** The imports of every file of a folder, by its path in the project. */
async function importsOf(folder: string): Promise<Map<string, Import[]>> {
  const files = (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith(".ts")).map((name) => `${folder}/${name}`);
  const all = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    all,
    files.map((file) => `import "file://${file}";\n`).join(""),
  );
  const { stdout, stderr } = await deno(["info", "--json", "--no-lock", all]);
  await Deno.remove(all);
  const { modules } = JSON.parse(stdout || stderr) as {
    modules: { local?: string; dependencies?: Import[] }[];
  };
  const imports = modules.flatMap(({ local, dependencies = [] }) =>
    local?.startsWith(folder)
      ? [[local.slice(root.length), dependencies] as const]
      : []
  );
  assertEquals(imports.length, files.length);
  return new Map(imports);
}

/** The files that may import types of Node, and get its modules at run time. */
const typesOfNode = /^lib\/(testing\/serve_rooms|client\/node(_[a-z]+)?)\.ts$/;

/** The modules of Node whose types dnt, which emits the package, can read. */
const readByDnt = new Set([
  "fs/promises",
  "http",
  "https",
  "net",
  "process",
  "stream",
  "timers",
  "util",
  "zlib",
].map((name) => `node:${name}`));

/** What is loaded only when it is asked for: the page of the fake. */
const loadedWhenAsked = new Set(["lib/testing/page.ts"]);

/** What is wrong with an import, if anything. */
function violation(
  file: string,
  { specifier, code, type, isDynamic }: Import,
): string | undefined {
  const path = (code ?? type)?.specifier.replace(`file://${root}`, "") ?? "";
  const [own = "", target = ""] = [file, path].map((path) =>
    /^lib\/(\w+)\//.exec(path)?.[1]
  );
  if (isDynamic && !loadedWhenAsked.has(path)) return "is dynamic";
  if (specifier.startsWith("node:")) {
    if (!readByDnt.has(specifier)) return "breaks the build by dnt";
    const isType = !code && typesOfNode.test(file);
    return own === "cli" || isType ? undefined : "needs a runtime";
  }
  if (!floors.includes(target)) return "is a dependency";
  if (floors.indexOf(target) > floors.indexOf(own)) return "goes up";
  if (own === "testing" && target === "client" && code) {
    return "is more than a type";
  }
}

const imports = await importsOf(`${root}lib`);

Deno.test("lib/: imports only go down, and none is a dependency", () => {
  const wrong = [...imports].flatMap(([file, imports]) =>
    imports.flatMap((each) => {
      const problem = violation(file, each);
      return problem ? [`${file}: ${each.specifier} ${problem}`] : [];
    })
  );
  assertEquals(wrong, []);
});

Deno.test("lib/: every file is on a floor, and every floor has some", () => {
  const found = [...imports.keys()].map((file) => file.split("/")[1] ?? "");
  assertEquals([...new Set(found)].sort(), [...floors].sort());
});

Deno.test("mod.ts reaches no file of ./node, nor of another entry", async () => {
  const info = ["info", "--json", "--no-lock", `${root}mod.ts`];
  const { stdout, stderr } = await deno(info);
  const { modules }: { modules: { specifier: string }[] } = JSON.parse(
    stdout || stderr,
  );
  const reached = modules.map(({ specifier }) =>
    specifier.replace(`file://${root}`, "")
  );
  const client = reached.filter((file) => file.startsWith("lib/client/"));
  assert(client.includes("lib/client/call.ts"), reached.join());
  const others = /^lib\/(client\/node|testing\/|cli\/)|^node:/;
  assertEquals(reached.filter((file) => others.test(file)), []);
});

Deno.test("lib/ does not use Deno's own functions", async () => {
  for (const file of imports.keys()) {
    const text = await Deno.readTextFile(`${root}${file}`);
    const code = text.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, ""); // without comments
    assert(!/\bDeno\./.test(code), file);
  }
});
