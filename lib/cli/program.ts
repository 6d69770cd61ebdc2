// How the user started this command, to say how to start another.

export interface Started {
  runtime: "deno" | "node" | "bun";
  /** The path of the runtime's own program. */
  execPath: string;
  /** The path or URL of the script. */
  script: string;
}

const permissions = "--allow-net --allow-env --allow-read --allow-write";

/** The words that start this command again, in another terminal. */
export function programOf({ runtime, execPath, script }: Started): string {
  const path = script.replaceAll("\\", "/");
  const isPackage = path.includes("/node_modules/");
  if (runtime === "deno") {
    if (path.endsWith("/scripts/start.ts")) {
      // Deno itself may come from npm
      const deno = execPath.includes("node_modules") ? "npx -y deno@2" : "deno";
      return `${deno} task start`;
    }
    if (/^https?:/.test(path)) {
      return `deno run ${permissions} jsr:@videorooms/telnyx/cli`;
    }
    if (isPackage || path.includes("/npm/")) {
      return `deno run ${permissions} npm:@videorooms/telnyx`;
    }
    return `deno run ${permissions} ${path}`;
  }
  if (isPackage) {
    return `${runtime === "bun" ? "bunx" : "npx"} @videorooms/telnyx`;
  }
  return path.endsWith(".js") ? `${runtime} ${path}` : "telnyx-rooms";
}
