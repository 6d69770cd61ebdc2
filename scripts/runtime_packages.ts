/** Node and Bun, as packages of the npm registry that hold the binary itself. */

const { os, arch } = Deno.build;
const [nodeArch, bunArch] = arch === "aarch64"
  ? ["arm64", "aarch64"]
  : ["x64", "x64"];
const node = `node-${os}-${nodeArch}`;

/** What to install, by the name it gets in `node_modules`. */
export const runtimePackages = {
  "node-20": `npm:${node}@20`,
  "node-24": `npm:${node}@24`,
  "node-newest": `npm:${node}@latest`,
  "bun": `npm:@oven/bun-${os}-${bunArch}@1`,
};

/** Where its binary is, in a folder that they are installed in. */
export function binary(
  dir: string,
  name: keyof typeof runtimePackages,
): string {
  return `${dir}/node_modules/${name}/bin/${name === "bun" ? "bun" : "node"}`;
}
