/** What `package.json` says, whichever way the package is built. */
import config from "../deno.json" with { type: "json" };

const repository = "https://github.com/videorooms/telnyx";

const entry = (path: string) => ({
  types: `./${path}.d.ts`,
  default: `./${path}.js`,
});

export const metadata = {
  name: config.name,
  version: config.version,
  description:
    "Looks Telnyx video rooms up: small, checked, contract-tested. Unofficial.",
  keywords: ["telnyx", "video", "rooms", "deno", "edge", "pact", "client"],
  license: config.license,
  repository: { type: "git", url: `git+${repository}.git` },
  bugs: `${repository}/issues`,
  homepage: `${repository}#readme`,
  type: "module",
  engines: { node: ">=20" },
  sideEffects: false,
  types: "./mod.d.ts",
  exports: {
    ".": entry("mod"),
    "./core": entry("lib/core"),
    "./testing": entry("lib/testing/fake_rooms"),
    "./package.json": "./package.json",
  },
  bin: { "telnyx-rooms": "lib/cli/main.js" },
};
