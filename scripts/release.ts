/**
 * What the release workflow asks of a tag; each command fails with one line.
 *
 * - `scripts/release.ts check TAG` compares the tag with the version in `deno.json`
 *   and with the changelog, and prints the tag on npm: `dist-tag=latest`, or
 *   `dist-tag=next` for a prerelease such as `v1.2.3-rc.1`.
 * - `scripts/release.ts tarball TAG FILE` compares the name and the version of a
 *   package with the tag.
 * - `scripts/release.ts notes TAG` prints the section of the changelog.
 *
 * It reads the files in the current folder.
 */
import { sh } from "./sh.ts";

function fail(message: string): never {
  console.error(`release: ${message}`);
  Deno.exit(1);
}

const config = JSON.parse(await Deno.readTextFile("deno.json"));

/** The version of a tag, which is that of `deno.json`. */
function versionOf(tag: string): string {
  const version = /^v(\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?)$/.exec(tag)?.[1];
  if (version === undefined) {
    fail(`The tag must be like v1.2.3 or v1.2.3-rc.1, received '${tag}'`);
  }
  if (version !== config.version) {
    fail(`The tag is ${tag}, but deno.json has version ${config.version}`);
  }
  return version;
}

/** The text below the heading of a version in the changelog. */
async function sectionOf(version: string): Promise<string> {
  const sections = (await Deno.readTextFile("CHANGELOG.md")).split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}] - `));
  if (section === undefined) {
    fail(`CHANGELOG.md has no heading '## [${version}] - DATE'`);
  }
  const [, ...lines] = section.split("\n");
  const text = lines.join("\n").trim();
  return text || fail(`The section of ${version} in CHANGELOG.md is empty`);
}

/** The name and version of a package. */
async function packageIn(tarball: string): Promise<string> {
  const args = ["-xzOf", tarball, "package/package.json"];
  const { code, stdout, stderr } = await sh("tar", args, { cwd: "." });
  const [why] = stderr.split("\n");
  if (code !== 0) fail(`Cannot read ${tarball}: ${why}`);
  const { name, version } = JSON.parse(stdout);
  return `${name}@${version}`;
}

const [command, tag = "", file = ""] = Deno.args;
const version = versionOf(tag);
switch (command) {
  case "check":
    await sectionOf(version);
    console.log(`dist-tag=${version.includes("-") ? "next" : "latest"}`);
    break;
  case "tarball": {
    const expected = `${config.name}@${version}`;
    const found = await packageIn(file);
    if (found !== expected) {
      fail(`${file} is ${found}, but the tag is of ${expected}`);
    }
    console.log(`${file} is ${found}`);
    break;
  }
  case "notes":
    console.log(await sectionOf(version));
    break;
  default:
    fail("The command must be check, tarball or notes");
}
