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
 * @param answers Lines of a shell's `case` over the arguments; what they print is
 * the output of the command.
 * @returns The code, the output, each call of a command, and the files it was given.
 */
async function run(line: string, answers: string) {
  const dir = await Deno.makeTempDir();
  try {
    for (const command of ["gh", "npm"]) {
      await Deno.writeTextFile(
        `${dir}/${command}`,
        `#!/bin/sh
printf '%s\\n' "$*" >>"${dir}/calls"
for file in "$@"; do
  case $previous in --body-file|--notes-file) cat "$file" >>"${dir}/bodies" ;; esac
  previous=$file
done
case "$*" in
${answers}
esac
`,
        { mode: 0o755 },
      );
    }
    await Deno.mkdir(`${dir}/package`);
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${dir}/${name}`, text);
    }
    await Deno.rename(`${dir}/package.json`, `${dir}/package/package.json`);
    await sh("tar", ["-czf", "package.tgz", "package"], { cwd: dir });
    const [script, ...args] = line.split(" ");
    const { code, stdout } = await sh(
      "bash",
      [`${root}.github/scripts/${script}`, ...args],
      {
        cwd: dir,
        env: {
          PATH: `${dir}:${Deno.env.get("PATH")}`,
          RUN_URL: "https://example.com/runs/1",
        },
      },
    );
    const read = (name: string) =>
      Deno.readTextFile(`${dir}/${name}`).catch(() => "");
    return {
      succeeds: code === 0,
      stdout,
      calls: (await read("calls")).split("\n").filter(Boolean),
      bodies: await read("bodies"),
    };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const nothing = '"view "*|"release view"*) exit 1 ;;'; // is there yet
const there = '"view "*) echo 1.2.3 ;;';
const publish = "publish package.tgz --provenance --access public --tag";
const create =
  "release create v1.2.3 --verify-tag --title v1.2.3 --notes-file notes.md";

/** What a script does: its last call, and what that is given. */
const cases: [
  name: string,
  line: string,
  answers: string,
  expected: { last?: string; calls: number; bodies?: string; fails?: true },
][] = [
  [
    "opens an issue with the report",
    "report_drift.sh drift.txt",
    "",
    {
      last: "issue create --label drift --body-file",
      calls: 3,
      bodies: "The field data.a is gone\n'''\n@someone\n```\n",
    },
  ],
  [
    "comments on the issue that is open",
    "report_drift.sh drift.txt",
    '"issue list"*) echo 7 ;;',
    { last: "issue comment 7 --body-file ", calls: 3, bodies: "runs/1" },
  ],
  [
    "opens an issue without a report as well",
    "report_drift.sh none.txt",
    "",
    { calls: 3, bodies: "ended before it could compare" },
  ],
  [
    "fails if gh does",
    "report_drift.sh drift.txt",
    '"issue create"*) exit 1 ;;',
    { calls: 3, fails: true },
  ],
  [
    "publishes the tarball with provenance",
    "publish_npm.sh package.tgz latest",
    nothing,
    { last: `${publish} latest`, calls: 2 },
  ],
  [
    "publishes a release candidate as 'next'",
    "publish_npm.sh package.tgz next",
    nothing,
    { last: `${publish} next`, calls: 2 },
  ],
  [
    "publishes nothing that is published already",
    "publish_npm.sh package.tgz latest",
    there,
    { last: "view @videorooms/telnyx@1.2.3 version", calls: 1 },
  ],
  [
    "fails for what is not a package",
    "publish_npm.sh notes.md latest",
    "",
    { calls: 0, fails: true },
  ],
  [
    "fails if npm does",
    "publish_npm.sh package.tgz latest",
    `${nothing} "publish "*) exit 1 ;;`,
    { calls: 2, fails: true },
  ],
  [
    "creates the release with its notes",
    "release_on_github.sh v1.2.3 notes.md latest",
    nothing,
    { last: create, calls: 2, bodies: files["notes.md"] },
  ],
  [
    "creates a prerelease",
    "release_on_github.sh v1.2.3 notes.md next",
    nothing,
    { last: `${create} --prerelease`, calls: 2 },
  ],
  [
    "leaves a release that is there already",
    "release_on_github.sh v1.2.3 notes.md latest",
    "",
    { last: "release view v1.2.3", calls: 1 },
  ],
];
for (const [name, line, answers, expected] of cases) {
  const { last = "", calls, bodies = "", fails = false } = expected;
  Deno.test({
    name: `${line} ${name}`,
    ignore: Deno.build.os === "windows", // the scripts run on Ubuntu
    async fn() {
      const result = await run(line, answers);
      assertEquals(result.succeeds, !fails, result.stdout);
      assertEquals(result.calls.length, calls);
      const call = result.calls.at(-1) ?? "";
      // A temporary file has any name
      assertEquals(
        last.endsWith("-file") || last.endsWith(" ")
          ? call.slice(0, last.length)
          : call,
        last || call,
      );
      assertStringIncludes(result.bodies, bodies);
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
