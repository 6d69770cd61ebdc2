import { fileURLToPath } from "node:url";
import { deno } from "./child.ts";

/**
 * Bundles the module and `./node`, or another program, into one file for Node.
 *
 * @param file The program, from this folder.
 */
export async function withBundle(
  use: (bundle: string, dir: string) => Promise<void>,
  file = "./with_node.ts",
): Promise<void> {
  const dir = await Deno.makeTempDir();
  const entry = fileURLToPath(new URL(file, import.meta.url));
  const bundle = `${dir}/mod.mjs`;
  try {
    await deno(["bundle", "--quiet", "--no-lock", "-o", bundle, entry]);
    await use(bundle, dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
