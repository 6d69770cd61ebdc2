/** The `package.json` of the npm package. */
import config from "../deno.json" with { type: "json" };

export const repository = "https://github.com/videorooms/telnyx";

const entry = (path: string) => ({
  types: `./${path}.d.ts`,
  default: `./${path}.js`,
});
const [core, node, testing] = [
  entry("lib/core/mod"),
  entry("lib/client/node"),
  entry("lib/testing/fake_rooms"),
];

export const metadata = {
  name: config.name,
  version: config.version,
  description:
    "Small, checked, contract-tested client for the Telnyx video API. Unofficial.",
  keywords: ["telnyx", "video", "rooms", "deno", "edge", "pact", "client"],
  license: config.license,
  repository: { type: "git", url: `git+${repository}.git` },
  bugs: `${repository}/issues`,
  homepage: `${repository}#readme`,
  type: "module",
  engines: { node: ">=20" },
  sideEffects: false,
  // For resolvers that do not read exports
  main: "./mod.js",
  types: "./mod.d.ts",
  // For `moduleResolution: node`, which does not read exports
  typesVersions: {
    "*": {
      core: [core.types],
      node: [node.types],
      testing: [testing.types],
    },
  },
  exports: {
    ".": entry("mod"),
    "./core": core,
    "./node": node,
    "./testing": testing,
    "./package.json": "./package.json",
  },
  bin: { "telnyx-rooms": "lib/cli/main.js" },
};
