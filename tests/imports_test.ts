/** The folders of `lib/` are floors: imports only go down, or stay. */
import { assert, assertEquals } from "@std/assert";
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

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

/** The imports of every file of a folder, by its path in the project. */
async function importsOf(folder: string): Promise<Map<string, Import[]>> {
  const files = await Array.fromAsync(sources(folder));
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
  const imports = new Map<string, Import[]>();
  for (const { local, dependencies = [] } of modules) {
    if (local?.startsWith(folder)) {
      imports.set(local.slice(root.length), dependencies);
    }
  }
  assertEquals(imports.size, files.length);
  return imports;
}

/** The files that may import types of Node, and get its modules at run time. */
const typesOfNode = /^lib\/(testing\/serve_rooms|client\/node(_[a-z]+)?)\.ts$/;

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
  const { stdout, stderr } = await deno([
    ...["info", "--json", "--no-lock", `${root}mod.ts`],
  ]);
  const { modules } = JSON.parse(stdout || stderr) as {
    modules: { specifier: string }[];
  };
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
