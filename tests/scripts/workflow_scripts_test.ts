/** The scripts that the workflows call, with stand-ins for `gh` and `npm`. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { root, sh } from "../../scripts/sh.ts";

/** The scripts run on Ubuntu. */
const ignore = Deno.build.os === "windows";

/**
 * Runs a script with a stand-in for a command.
 *
 * @param answers Lines of a shell's `case` over the arguments; what they print is
 * the output of the command.
 * @returns The code, the output, and each call of the command.
 */
async function run(
  script: string,
  args: string[],
  command: "gh" | "npm",
  answers = "",
) {
  const dir = await Deno.makeTempDir();
  try {
    // A body is noted as it is: it is in a file that goes away
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
    await Deno.mkdir(`${dir}/package`);
    await Deno.writeTextFile(
      `${dir}/package/package.json`,
      '{"name":"@videorooms/telnyx","version":"1.2.3"}',
    );
    await sh("tar", ["-czf", "package.tgz", "package"], { cwd: dir });
    await Deno.writeTextFile(
      `${dir}/drift.txt`,
      "The field data.a is gone\n```\n@someone\n",
    );
    await Deno.writeTextFile(`${dir}/notes.md`, "- It is fast.\n");
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
    const calls = (await read("calls")).split("\n").filter(Boolean);
    return { code, stdout, calls, bodies: await read("bodies") };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore, fn });

test("report_drift.sh opens an issue with the report, in one block of code", async () => {
  const { code, calls, bodies } = await run(
    "report_drift.sh",
    ["drift.txt"],
    "gh",
  );
  assertEquals(code, 0);
  assertEquals(
    calls.map((call) => call.split(" ", 2).join(" ")),
    ["label create", "issue list", "issue create"],
  );
  assertStringIncludes(bodies, "https://example.com/runs/1");
  assertStringIncludes(bodies, "The field data.a is gone");
  assertEquals(bodies.split("```").length, 3);
});

test("report_drift.sh comments on the issue that is open", async () => {
  const { code, calls } = await run(
    "report_drift.sh",
    ["drift.txt"],
    "gh",
    '"issue list"*) echo 7 ;;',
  );
  assertEquals(code, 0);
  assertEquals(calls.at(-1)?.startsWith("issue comment 7 --body-file "), true);
});

test("report_drift.sh opens an issue without a report as well", async () => {
  const { code, bodies } = await run("report_drift.sh", ["none.txt"], "gh");
  assertEquals(code, 0);
  assertStringIncludes(bodies, "ended before it could compare");
});

test("report_drift.sh fails if gh does", async () => {
  const { code } = await run(
    "report_drift.sh",
    ["drift.txt"],
    "gh",
    '"issue create"*) exit 1 ;;',
  );
  assertEquals(code, 1);
});

for (const distTag of ["latest", "next"]) {
  test(`publish_npm.sh publishes the tarball as '${distTag}', with provenance`, async () => {
    const { code, calls } = await run(
      "publish_npm.sh",
      ["package.tgz", distTag],
      "npm",
      '"view "*) exit 1 ;;', // as npm does for a version that is not there
    );
    assertEquals(code, 0);
    assertEquals(calls, [
      "view @videorooms/telnyx@1.2.3 version",
      `publish package.tgz --provenance --access public --tag ${distTag}`,
    ]);
  });
}

test("publish_npm.sh publishes nothing that is published already", async () => {
  const { code, calls, stdout } = await run(
    "publish_npm.sh",
    ["package.tgz", "latest"],
    "npm",
    '"view "*) echo 1.2.3 ;;',
  );
  assertEquals([code, calls.length], [0, 1]);
  assertEquals(
    stdout,
    "Skipped: @videorooms/telnyx@1.2.3 is already published\n",
  );
});

test("publish_npm.sh fails for what is not a package, and if npm does", async () => {
  const wrong = await run("publish_npm.sh", ["notes.md", "latest"], "npm");
  assertEquals([wrong.code === 0, wrong.calls], [false, []]);
  const refused = await run(
    "publish_npm.sh",
    ["package.tgz", "latest"],
    "npm",
    '"publish "*) exit 1 ;;',
  );
  assertEquals(refused.code, 1);
});

for (
  const [distTag, more] of [["latest", ""], ["next", " --prerelease"]] as const
) {
  test(`release_on_github.sh creates the release of '${distTag}' with its notes`, async () => {
    const { code, calls, bodies } = await run(
      "release_on_github.sh",
      ["v1.2.3", "notes.md", distTag],
      "gh",
      '"release view"*) exit 1 ;;',
    );
    assertEquals(code, 0);
    assertEquals(
      calls.at(-1),
      `release create v1.2.3 --verify-tag --title v1.2.3 --notes-file notes.md${more}`,
    );
    assertEquals(bodies, "- It is fast.\n");
  });
}

test("release_on_github.sh leaves a release that is there already", async () => {
  const { code, calls } = await run(
    "release_on_github.sh",
    ["v1.2.3", "notes.md", "latest"],
    "gh",
  );
  assertEquals([code, calls], [0, ["release view v1.2.3"]]);
});

Deno.test("Every script of the workflows is in the repository, and every one is called", async () => {
  const called = new Set<string>();
  for await (const { name } of Deno.readDir(`${root}.github/workflows`)) {
    const text = await Deno.readTextFile(`${root}.github/workflows/${name}`);
    for (const [, script = ""] of text.matchAll(/\.github\/scripts\/(\S+)/g)) {
      called.add(script);
    }
  }
  const found = new Set<string>();
  for await (const { name } of Deno.readDir(`${root}.github/scripts`)) {
    found.add(name);
  }
  assertEquals([...called].sort(), [...found].sort());
});

Deno.test("lint_workflows.ts finds a mistake in a workflow, and none in ours", async () => {
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
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${dir}/mistake.yml`,
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n" +
      "      - run: echo ${{ needs.b.outputs.c }}\n",
  );
  const { code, stderr } = await lint(dir);
  await Deno.remove(dir, { recursive: true });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "mistake.yml:6:");
});
