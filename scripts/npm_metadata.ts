/** The entries and the `package.json` of the npm package. */
import config from "../deno.json" with { type: "json" };

export const repository = "https://github.com/videorooms/telnyx";

const withoutExtension = (path: string) => path.replace(/^\.\/|\.ts$/g, "");

/** The modules that users import or run, without `./` and extension, by their names. */
export const entries: Record<keyof typeof config.exports, string> = Object
  .fromEntries(
    Object.entries(config.exports)
      .map(([name, path]) => [name, withoutExtension(path)]),
  ) as Record<keyof typeof config.exports, string>;

/** The entries to import; the command is in `bin`. */
const imported = Object.entries(entries).filter(([name]) => name !== "./cli");

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
  main: `./${entries["."]}.js`,
  types: `./${entries["."]}.d.ts`,
  // For `moduleResolution: node`, which does not read exports
  typesVersions: {
    "*": Object.fromEntries(
      imported.filter(([name]) => name !== ".")
        .map(([name, path]) => [name.slice("./".length), [`./${path}.d.ts`]]),
    ),
  },
  exports: {
    ...Object.fromEntries(
      imported.map(([name, path]) => [
        name,
        { types: `./${path}.d.ts`, default: `./${path}.js` },
      ]),
    ),
    "./contracts/*": "./contracts/*",
    "./package.json": "./package.json",
  },
  bin: { "telnyx-rooms": `${entries["./cli"]}.js` },
};
