import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { root, sh } from "../../scripts/sh.ts";

/** A folder with a version, and its section in the changelog. */
async function project(version: string, section = "\n- It is fast.\n") {
  const dir = await Deno.makeTempDir();
  const name = "@videorooms/telnyx";
  const changelog =
    `# Changelog\n\n## [Unreleased]\n\n- Later\n\n## [${version}] - 2026-01-31\n` +
    `${section}\n## [0.0.9] - 2025-01-31\n\n- Earlier\n`;
  await Deno.writeTextFile(
    `${dir}/deno.json`,
    JSON.stringify({ name, version }),
  );
  await Deno.writeTextFile(`${dir}/CHANGELOG.md`, changelog);
  const release = (...args: string[]) =>
    sh(Deno.execPath(), [
      "run",
      "--allow-read",
      "--allow-run=tar",
      `${root}scripts/release.ts`,
      ...args,
    ], { cwd: dir });
  return {
    dir,
    release,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

for (
  const [version, distTag] of [
    ["1.2.3", "latest"],
    ["1.2.3-rc.1", "next"],
    ["0.10.0", "latest"],
  ] as const
) {
  Deno.test(`release check v${version}: it goes to '${distTag}' on npm`, async () => {
    await using given = await project(version);
    const { code, stdout, stderr } = await given.release(
      "check",
      `v${version}`,
    );
    assertEquals([code, stdout, stderr], [0, `dist-tag=${distTag}\n`, ""]);
  });
}

const refusals: [tag: string, section: string, why: string][] = [
  ["v1.2.4", "\n- A\n", "The tag is v1.2.4, but deno.json has version 1.2.3"],
  ["1.2.3", "\n- A\n", "The tag must be like v1.2.3"],
  ["v1.2.3+build", "\n- A\n", "The tag must be like v1.2.3"],
  ["v1.2.3-", "\n- A\n", "The tag must be like v1.2.3"],
  ["", "\n- A\n", "The tag must be like v1.2.3"],
  ["v1.2.3", "\n", "The section of 1.2.3 in CHANGELOG.md is empty"],
];
for (const [tag, section, why] of refusals) {
  Deno.test(`release check '${tag}' fails with one line: ${why}`, async () => {
    await using given = await project("1.2.3", section);
    const { code, stdout, stderr } = await given.release("check", tag);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^release: [^\n]+\n$/);
    assertStringIncludes(stderr, why);
  });
}

Deno.test("release check fails if the changelog has no section, or calls it unreleased", async () => {
  await using given = await project("1.2.3");
  await Deno.writeTextFile(
    `${given.dir}/CHANGELOG.md`,
    "## [Unreleased]\n\n- A\n\n## [1.2.30] - 2026-01-31\n\n- B\n",
  );
  const { code, stderr } = await given.release("check", "v1.2.3");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "no heading '## [1.2.3] - DATE'");
});

Deno.test("release notes prints the section, and nothing of another version", async () => {
  await using given = await project("1.2.3", "\n### Added\n\n- A\n- B\n");
  const { code, stdout } = await given.release("notes", "v1.2.3");
  assertEquals([code, stdout], [0, "### Added\n\n- A\n- B\n"]);
});

for (
  const [name, version, code, says] of [
    ["@videorooms/telnyx", "1.2.3", 0, "is @videorooms/telnyx@1.2.3"],
    ["@videorooms/telnyx", "1.2.4", 1, "is @videorooms/telnyx@1.2.4, but"],
    ["telnyx", "1.2.3", 1, "is telnyx@1.2.3, but the tag is of"],
  ] as const
) {
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
  const { code, stderr } = await given.release(
    "tarball",
    "v1.2.3",
    "CHANGELOG.md",
  );
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Cannot read CHANGELOG.md");
});
