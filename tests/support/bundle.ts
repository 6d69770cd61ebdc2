import { fileURLToPath } from "node:url";
import { deno } from "./child.ts";

/** Bundles programs, by their paths from this folder, into a file each. */
export async function withBundles(
  files: string[],
  use: (bundles: string[], dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  const bundles = files.map((_, i) => `${dir}/${i}.mjs`);
  try {
    for (const [i, file] of files.entries()) {
      const entry = fileURLToPath(new URL(file, import.meta.url));
      const options = ["--quiet", "--no-lock", "-o", `${bundles[i]}`];
      const { stderr } = await deno(["bundle", ...options, entry]);
      if (stderr !== "") throw new Error(stderr);
    }
    await use(bundles, dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Bundles the module and `./node`, or another program, for Node. */
export function withBundle(
  use: (bundle: string, dir: string) => Promise<void>,
  file = "./with_node.ts",
): Promise<void> {
  return withBundles([file], ([bundle = ""], dir) => use(bundle, dir));
}
