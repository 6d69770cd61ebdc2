/**
 * Stands in for `@deno/dnt` where JSR does not answer: only the types, because
 * `deno pack` builds the package there.
 */
export interface EntryPoint {
  kind?: "bin" | "export";
  name?: string;
  path: string;
}

export interface BuildOptions {
  entryPoints: (string | EntryPoint)[];
  outDir: string;
  shims: Record<never, never>;
  polyfills?: boolean;
  test?: boolean;
  typeCheck?: "both" | "single" | false;
  declaration?: "inline" | "separate" | false;
  scriptModule?: "cjs" | "umd" | false;
  skipNpmInstall?: boolean;
  skipSourceOutput?: boolean;
  compilerOptions?: { target?: "ES2022"; lib?: ("ES2022" | "DOM")[] };
  package: { name: string; version: string };
}

export function build(_: BuildOptions): Promise<void> {
  throw new Error("dnt comes from JSR, which does not answer");
}
