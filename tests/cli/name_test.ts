import { assert, assertEquals } from "@std/assert";
import { metadata } from "../../scripts/npm_metadata.ts";
import { root, sh } from "../../scripts/sh.ts";

Deno.test("the package has exactly one bin, so that npx runs it by the package's name", () => {
  assertEquals(Object.keys(metadata.bin), ["telnyx-rooms"]);
});

Deno.test("no text tells anyone to run npx with the command's name, which may be another's package", async () => {
  const { stdout } = await sh("git", ["ls-files"]);
  const files = stdout.split("\n").filter((file) =>
    /\.(md|ts|tsx|js|jsx|mjs|json|ya?ml|svg|html)$/.test(file) &&
    !file.startsWith("tests/cli/")
  );
  assert(files.includes("README.md"));
  const wrong = /\b(npx|bunx|pnpm dlx|yarn dlx|npm exec)( -\S+)* telnyx-rooms/;
  for (const file of files) {
    const text = await Deno.readTextFile(`${root}/${file}`).catch(() => "");
    assert(!wrong.test(text), file);
  }
});
