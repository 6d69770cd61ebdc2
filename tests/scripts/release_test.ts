import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { root, sh } from "../../scripts/sh.ts";
import { withFolder } from "../cli/command.ts";

const script = `${root}scripts/release.ts`;
const name = "@videorooms/telnyx";
const notes = "### Added\n\n- A\n- B\n";
const changes = (version: string) =>
  `# Changelog\n\n## [Unreleased]\n\n- Later\n
## [${version}] - 2026-01-31\n\n${notes}
## [0.0.9] - 2025-01-31\n\n- Earlier\n`;
const noChange = changes("1.2.3").replace(notes, "");
const notATag = "The tag must be like v1.2.3";
const tarball = "tarball v1.2.3 package.tgz";

/** A project's version, changelog and package. */
interface Project {
  version?: string;
  changelog?: string;
  manifest?: { name: string; version: string };
}

/** What is printed for a tag, or the one line that says why it is refused. */
const runs: [command: string, says: string, isRight: boolean, Project?][] = [
  ["check v1.2.3", "dist-tag=latest\n", true],
  ["check v1.2.3-rc.1", "dist-tag=next\n", true, { version: "1.2.3-rc.1" }],
  ["check v0.10.0", "dist-tag=latest\n", true, { version: "0.10.0" }],
  ["check v1.2.4", "The tag is v1.2.4, but deno.json has version 1.2.3", false],
  ["check 1.2.3", notATag, false],
  ["check v1.2.3+build", notATag, false],
  ["check v1.2.3-", notATag, false],
  ["check", notATag, false],
  ["check v1.2.3", "The section of 1.2.3 in CHANGELOG.md is empty", false, {
    changelog: noChange,
  }],
  ["check v1.2.3", "no heading '## [1.2.3] - DATE'", false, {
    changelog: changes("1.2.30"),
  }],
  ["notes v1.2.3", notes, true],
  [tarball, `package.tgz is ${name}@1.2.3\n`, true],
  [tarball, `is ${name}@1.2.4, but the tag is of`, false, {
    manifest: { name, version: "1.2.4" },
  }],
  [tarball, "is telnyx@1.2.3, but the tag is of", false, {
    manifest: { name: "telnyx", version: "1.2.3" },
  }],
  ["tarball v1.2.3 CHANGELOG.md", "Cannot read CHANGELOG.md", false],
];
for (const [command, says, isRight, project = {}] of runs) {
  Deno.test(`release ${command} ${isRight ? "prints" : "fails with one line:"} ${says.trim()}`, () =>
    withFolder(async (dir) => {
      const { version = "1.2.3", changelog = changes(version) } = project;
      const { manifest = { name, version } } = project;
      await Deno.mkdir(`${dir}/package`);
      const files = {
        "deno.json": JSON.stringify({ name, version }),
        "CHANGELOG.md": changelog,
        "package/package.json": JSON.stringify(manifest),
      };
      for (const [file, text] of Object.entries(files)) {
        await Deno.writeTextFile(`${dir}/${file}`, text);
      }
      await sh("tar", ["-czf", "package.tgz", "package"], { cwd: dir });
      const run = ["run", "--allow-read", "--allow-run=tar", script];
      const args = [...run, ...command.split(" ")];
      const result = await sh(Deno.execPath(), args, { cwd: dir });
      const { code, stdout, stderr } = result;
      if (isRight) {
        return assertEquals(result, { code: 0, stdout: says, stderr: "" });
      }
      assertEquals([code, stdout], [1, ""]);
      assertMatch(stderr, /^release: [^\n]+\n$/);
      assertStringIncludes(stderr, says);
    }));
}
