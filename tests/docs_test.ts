/** The documents name tasks, files, headings and symbols that exist. */
import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "node:path/posix";
import config from "../deno.json" with { type: "json" };
import { root, sh } from "../scripts/sh.ts";
import { pages as pagesOfSite } from "../site/menu.js";

interface Declaration {
  kind: string;
  jsDoc?: { doc?: string; tags?: { kind: string }[] };
}

interface Symbols {
  symbols: { name: string; declarations: Declaration[] }[];
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(markdown: string): Set<string> {
  const found = new Set<string>();
  const text = markdown.replaceAll(/^```[^]*?^```$/gm, "");
  for (const [, heading = ""] of text.matchAll(/^#+ (.*)$/gm)) {
    const slug = heading.replaceAll(/\[(.*?)\]\(.*?\)/g, "$1").toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
    let anchor = slug;
    for (let i = 1; found.has(anchor); i++) anchor = `${slug}-${i}`;
    found.add(anchor);
  }
  return found;
}

for (const [entry, path] of Object.entries(config.exports)) {
  Deno.test(`${entry} documents every symbol, functions and classes with an example`, async () => {
    const { stdout } = await sh(Deno.execPath(), ["doc", "--json", path]);
    const { nodes }: { nodes: Record<string, Symbols> } = JSON.parse(stdout);
    const symbols = Object.values(nodes).flatMap(({ symbols }) => symbols);
    const undocumented = symbols.filter(({ declarations: [first] }) =>
      !first?.jsDoc?.doc ||
      (first.kind === "function" || first.kind === "class") &&
        !first.jsDoc.tags?.some(({ kind }) => kind === "example")
    );
    assertEquals(undocumented.map(({ name }) => name), []);
    assert(symbols.length > 0 || entry === "./cli");
  });
}

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "ARCHITECTURE.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "contracts/README.md",
  ...[...Deno.readDirSync(`${root}docs`)]
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => `docs/${name}`),
  "examples/README.md",
];
const workflows = ["drift", "pages", "release", "test"].map((name) =>
  `.github/workflows/${name}.yml`
);

for (const page of [...pages, ...workflows]) {
  Deno.test(`${page} names only tasks and files that exist`, async () => {
    const text = await Deno.readTextFile(`${root}${page}`);
    const tasks = [
      ...text.matchAll(/(?:deno(?:@2)?) task (?:--\w+ )*([\w:-]+)/g),
    ];
    for (const [, name = ""] of tasks) {
      assert(name in config.tasks, `no task ${name}`);
    }
    for (const [, link = ""] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      const found = await Deno.stat(root + target)
        .then(() => true, () => false);
      assert(found, `no file ${link}`);
      if (anchor === undefined) continue;
      const there = await Deno.readTextFile(root + target);
      assert(anchors(there).has(anchor), `no heading ${link}`);
    }
  });
}

Deno.test("The site's menu has every page", () => {
  assertEquals([...pagesOfSite.keys()].sort(), pages.toSorted());
});

Deno.test("The workflows pin every action to a commit", async () => {
  for (const workflow of workflows) {
    const text = await Deno.readTextFile(`${root}${workflow}`);
    for (const [line] of text.matchAll(/uses: .*/g)) {
      assert(/^uses: [\w/.-]+@[\da-f]{40} # v[\d.]+$/.test(line), line);
    }
  }
});

Deno.test("SECURITY.md names, for each guarantee, tests that exist", async () => {
  const text = await Deno.readTextFile(`${root}SECURITY.md`);
  const [, guarantees = ""] = /## Guarantees\n([^]*?)\n## /.exec(text) ?? [];
  const items = guarantees.split(/\n- /).slice(1);
  assert(items.length > 5);
  for (const item of items) {
    const tests = [...item.matchAll(/`(tests\/[^`]+)`/g)].map(([, path]) =>
      path
    );
    assert(tests.length > 0, item);
    for (const path of tests) await Deno.stat(`${root}${path}`);
  }
});
