/** The scripts that the workflows call, with stand-ins for `gh` and `npm`. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { root, sh } from "../../scripts/sh.ts";
import { withFolder } from "../cli/command.ts";

const files = {
  "package.json": '{"name":"@videorooms/telnyx","version":"1.2.3"}',
  "drift.txt": "The field data.a is gone\n```\n@someone\n",
  "notes.md": "- It is fast.\n",
};

/**
 * Runs a script with a stand-in for `gh` and `npm`.
 *
 * @param answer What a call that begins so does, such as `issue list: echo 7`.
 * @returns Each call of a command, and the files it was given.
 */
async function run(line: string, answer = "no call: exit") {
  const dir = await Deno.makeTempDir();
  const [pattern = "", action = ""] = answer.split(": ");
  const command = `#!/bin/sh
printf '%s\\n' "$*" >>"${dir}/calls"
for file in "$@"; do
  case $previous in --body-file|--notes-file) cat "$file" >>"${dir}/bodies" ;; esac
  previous=$file
done
case "$*" in "${pattern} "*) ${action} ;; esac
`;
  try {
    for (const name of ["gh", "npm"]) {
      await Deno.writeTextFile(`${dir}/${name}`, command, { mode: 0o755 });
    }
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${dir}/${name}`, text);
    }
    await Deno.mkdir(`${dir}/package`);
    await Deno.rename(`${dir}/package.json`, `${dir}/package/package.json`);
    await sh("tar", ["-czf", "package.tgz", "package"], { cwd: dir });
    const [script, ...args] = line.split(" ");
    const env = {
      PATH: `${dir}:${Deno.env.get("PATH")}`,
      RUN_URL: "https://example.com/runs/1",
    };
    const path = `${root}.github/scripts/${script}`;
    const { code } = await sh("bash", [path, ...args], { cwd: dir, env });
    const read = (name: string) =>
      Deno.readTextFile(`${dir}/${name}`).catch(() => "");
    const calls = (await read("calls")).split("\n").filter(Boolean);
    return { succeeds: code === 0, calls, bodies: await read("bodies") };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const view = "view: exit 1"; // as npm does for a version that is not there
const publish = "publish package.tgz --provenance --access public --tag";
const release = "release_on_github.sh v1.2.3 notes.md";
const create =
  "release create v1.2.3 --verify-tag --title v1.2.3 --notes-file notes.md";
const report = "issue create --label drift --body-file FILE " +
  "--title The contract and the published description differ";

/** A script and an answer: its last call, whether it fails, and what is in its file. */
const outcomes: [line: string, answer: string, last: string, text?: string][] =
  [
    [
      "report_drift.sh drift.txt",
      "",
      report,
      "https://example.com/runs/1\n\n```text\nThe field data.a is gone\n'''\n@someone\n```\n",
    ],
    [
      "report_drift.sh drift.txt",
      "issue list: echo 7",
      "issue comment 7 --body-file FILE",
    ],
    ["report_drift.sh none.txt", "", report, "ended before it could compare"],
    ["report_drift.sh drift.txt", "issue create: exit 1", `${report}, fails`],
    ["publish_npm.sh package.tgz latest", view, `${publish} latest`],
    ["publish_npm.sh package.tgz next", view, `${publish} next`],
    [
      "publish_npm.sh package.tgz latest",
      "view: echo 1.2.3",
      "view @videorooms/telnyx@1.2.3 version",
    ],
    ["publish_npm.sh notes.md latest", "", ", fails"],
    [
      "publish_npm.sh package.tgz beta",
      "publish: exit 1",
      `${publish} beta, fails`,
    ],
    [`${release} latest`, "release view: exit 1", create, "- It is fast.\n"],
    [`${release} next`, "release view: exit 1", `${create} --prerelease`],
    [`${release} latest`, "", "release view v1.2.3"],
  ];
for (const [line, answer, last, text = ""] of outcomes) {
  Deno.test({
    name: `${line} with '${answer}': ${last}`,
    ignore: Deno.build.os === "windows", // the scripts run on Ubuntu
    async fn() {
      const { succeeds, calls, bodies } = await run(line, answer || undefined);
      const found = (calls.at(-1) ?? "").replace(
        /(--body-file) \S+/,
        "$1 FILE",
      );
      assertEquals(found + (succeeds ? "" : ", fails"), last);
      assertStringIncludes(bodies, text);
    },
  });
}

Deno.test("Every script of the workflows is in the repository, and every one is called", async () => {
  const called = new Set<string>();
  for await (const { name } of Deno.readDir(`${root}.github/workflows`)) {
    const text = await Deno.readTextFile(`${root}.github/workflows/${name}`);
    for (const [, script = ""] of text.matchAll(/\.github\/scripts\/(\S+)/g)) {
      called.add(script);
    }
  }
  const found = await Array.fromAsync(Deno.readDir(`${root}.github/scripts`));
  assertEquals([...called].sort(), found.map(({ name }) => name).sort());
});

Deno.test("lint_workflows.ts finds a mistake in a workflow, and none in ours", () =>
  withFolder(async (dir) => {
    const lint = (...folders: string[]) =>
      sh(Deno.execPath(), [
        "run",
        "--allow-read",
        "--lock=scripts/tools.lock",
        "scripts/lint_workflows.ts",
        ...folders,
      ]);
    const own = await lint();
    assertEquals(own.code, 0, own.stderr);
    await Deno.writeTextFile(
      `${dir}/mistake.yml`,
      "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n" +
        "      - run: echo ${{ needs.b.outputs.c }}\n",
    );
    const { code, stderr } = await lint(dir);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "mistake.yml:6:");
  }));
