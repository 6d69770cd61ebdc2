/** The documents name tasks, files and symbols that exist. */
import { assert, assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { root, sh } from "../scripts/sh.ts";

interface Declaration {
  kind: string;
  jsDoc?: { doc?: string; tags?: { kind: string }[] };
}

interface Symbols {
  symbols: { name: string; declarations: Declaration[] }[];
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
const workflows = ["drift", "release", "test"].map((name) =>
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
    const dir = page.replace(/[^/]*$/, "");
    for (const [, link = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      const found = await Deno.stat(`${root}${dir}${link}`)
        .then(() => true, () => false);
      assert(found, `no file ${link}`);
    }
  });
}

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
