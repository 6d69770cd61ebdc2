/** Compiles the declarations of the installed package as consumers do. */
import { npmProject, type ReportRow } from "../../scripts/install_package.ts";
import { must } from "../../scripts/sh.ts";
import { rowOf } from "../report_rows.ts";

/** The oldest TypeScript with every module resolution, and the newest. */
const compilers = {
  oldest: "npm:typescript@5.0",
  newest: "npm:typescript@latest",
};

/** Where the global `fetch` comes from, and what declares it. */
const environments: Record<string, { lib: string[]; types: string[] }> = {
  "DOM": { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] },
  "Node": { lib: ["ES2022"], types: ["node"] },
  "Bun": { lib: ["ES2022"], types: ["bun"] },
  "workers": { lib: ["ES2022"], types: ["@cloudflare/workers-types"] },
};

/** Code of a user; `undici` needs the types of Node. */
const files = ["api.ts", "unlisted_field.ts"];
const nodeFiles = ["fetch_functions.ts"];

/** Every supported way to compile; TypeScript 7 has no node10. */
const checks: [keyof typeof compilers, resolution: string, lib?: string][] = [
  ["oldest", "bundler"],
  ["newest", "bundler"],
  ["oldest", "node10"],
  ["oldest", "node16"],
  ["newest", "node16"],
  ["oldest", "nodenext"],
  ["newest", "nodenext"],
  ["newest", "bundler", "Node"],
  ["newest", "bundler", "Bun"],
  ["newest", "bundler", "workers"],
];

/**
 * Compiles a user's code in every way.
 *
 * @param tarball The packed package.
 * @param dir A folder to make.
 */
export async function runCompilers(
  tarball: string,
  dir: string,
): Promise<ReportRow[]> {
  await npmProject(dir, {
    "@videorooms/telnyx": tarball,
    "expect-type": "1",
    "@types/node": "24",
    "undici": "7",
    "@types/bun": "1",
    "@cloudflare/workers-types": "4",
    ...compilers,
  });
  const copied = [...files, ...nodeFiles].map((file) => `tests/types/${file}`);
  await must("cp", [...copied, dir]);

  const rows: ReportRow[] = [];
  for (const [compiler, resolution, environment = "DOM"] of checks) {
    const compilerOptions = {
      ...environments[environment],
      target: "ES2022",
      // The other two have no modules of their own
      module: /^node(16|next)$/.test(resolution) ? resolution : "esnext",
      moduleResolution: resolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      // Other packages' declarations need not compile
      skipLibCheck: environment !== "DOM",
      noEmit: true,
    };
    const own = environment === "Node" ? nodeFiles : [];
    const config = { compilerOptions, files: [...files, ...own] };
    await Deno.writeTextFile(`${dir}/tsconfig.json`, JSON.stringify(config));
    const tsc = (...options: string[]) => {
      const file = `node_modules/${compiler}/bin/tsc`;
      return must("node", [file, ...options], { cwd: dir });
    };
    const name = `TypeScript, ${resolution}, ${environment}`;
    const version = async () =>
      (await tsc("-v")).replace("Version ", "").trim();
    rows.push(await rowOf(name, async () => void await tsc(), version));
  }
  return rows;
}
