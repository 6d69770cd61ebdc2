import { deno } from "./child.ts";

/** Bundles the module and `./node` into one file, for programs on Node. */
export async function withBundle(
  use: (bundle: string, dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  const entry = new URL("./with_node.ts", import.meta.url).pathname;
  const bundle = `${dir}/mod.mjs`;
  try {
    await deno(["bundle", "--quiet", "--no-lock", "-o", bundle, entry]);
    await use(bundle, dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
