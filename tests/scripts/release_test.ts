import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { root, sh } from "../../scripts/sh.ts";

const script = `${root}scripts/release.ts`;

/** A folder with a version, and its section in the changelog. */
async function project(
  version: string,
  changelog = `# Changelog\n\n## [Unreleased]\n\n- Later\n
## [${version}] - 2026-01-31\n\n### Added\n\n- A\n- B\n
## [0.0.9] - 2025-01-31\n\n- Earlier\n`,
) {
  const dir = await Deno.makeTempDir();
  const config = JSON.stringify({ name: "@videorooms/telnyx", version });
  await Deno.writeTextFile(`${dir}/deno.json`, config);
  await Deno.writeTextFile(`${dir}/CHANGELOG.md`, changelog);
  const release = (...args: string[]) =>
    sh(
      Deno.execPath(),
      ["run", "--allow-read", "--allow-run=tar", script, ...args],
      { cwd: dir },
    );
  return {
    dir,
    release,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

/** A tag of a version: what is printed. */
const releases: [version: string, distTag: string][] = [
  ["1.2.3", "latest"],
  ["1.2.3-rc.1", "next"],
  ["0.10.0", "latest"],
];
for (const [version, distTag] of releases) {
  Deno.test(`release check v${version}: it goes to '${distTag}' on npm`, async () => {
    await using given = await project(version);
    const result = await given.release("check", `v${version}`);
    const stdout = `dist-tag=${distTag}\n`;
    assertEquals(result, { code: 0, stdout, stderr: "" });
  });
}

const notATag = "The tag must be like v1.2.3";
const refusals: [tag: string, why: string, changelog?: string][] = [
  ["v1.2.4", "The tag is v1.2.4, but deno.json has version 1.2.3"],
  ["1.2.3", notATag],
  ["v1.2.3+build", notATag],
  ["v1.2.3-", notATag],
  ["", notATag],
  [
    "v1.2.3",
    "The section of 1.2.3 in CHANGELOG.md is empty",
    "## [1.2.3] - 2026-01-31\n\n## [0.0.9] - 2025-01-31\n\n- Earlier\n",
  ],
  [
    "v1.2.3",
    "no heading '## [1.2.3] - DATE'",
    "## [Unreleased]\n\n- A\n\n## [1.2.30] - 2026-01-31\n\n- B\n",
  ],
];
for (const [tag, why, changelog] of refusals) {
  Deno.test(`release check '${tag}' fails with one line: ${why}`, async () => {
    await using given = await project("1.2.3", changelog);
    const { code, stdout, stderr } = await given.release("check", tag);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^release: [^\n]+\n$/);
    assertStringIncludes(stderr, why);
  });
}

Deno.test("release notes prints the section, and nothing of another version", async () => {
  await using given = await project("1.2.3");
  const { code, stdout } = await given.release("notes", "v1.2.3");
  assertEquals([code, stdout], [0, "### Added\n\n- A\n- B\n"]);
});

const tarballs: [name: string, version: string, code: number, says: string][] =
  [
    ["@videorooms/telnyx", "1.2.3", 0, "is @videorooms/telnyx@1.2.3"],
    ["@videorooms/telnyx", "1.2.4", 1, "is @videorooms/telnyx@1.2.4, but"],
    ["telnyx", "1.2.3", 1, "is telnyx@1.2.3, but the tag is of"],
  ];
for (const [name, version, code, says] of tarballs) {
  Deno.test(`release tarball of ${name}@${version} for v1.2.3 exits with ${code}`, async () => {
    await using given = await project("1.2.3");
    const { dir } = given;
    await Deno.mkdir(`${dir}/package`);
    const manifest = JSON.stringify({ name, version });
    await Deno.writeTextFile(`${dir}/package/package.json`, manifest);
    await sh("tar", ["-czf", "package.tgz", "package"], { cwd: dir });
    const result = await given.release("tarball", "v1.2.3", "package.tgz");
    assertEquals(result.code, code);
    assertStringIncludes(result.stdout + result.stderr, says);
  });
}

Deno.test("release tarball fails with one line for a file that is not a package", async () => {
  await using given = await project("1.2.3");
  const args = ["tarball", "v1.2.3", "CHANGELOG.md"];
  const { code, stderr } = await given.release(...args);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Cannot read CHANGELOG.md");
});
