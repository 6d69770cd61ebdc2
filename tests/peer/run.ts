/**
 * `deno task test:peer`: the provider's own SDK, some 37 MB that are fetched
 * for this alone, against the fake of this project, and its room type against
 * ours. Closes with the line `N passed, N failed`.
 */
import { fileURLToPath } from "node:url";
import { getRoom } from "../../mod.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { serve } from "../../lib/cli/serve.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { npmProject, pack } from "../../scripts/install_package.ts";
import { must, sh } from "../../scripts/sh.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

const [{ id }] = exampleRooms;
const missing = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";
let [passed, failed] = [0, 0];

function check(name: string, holds: boolean, otherwise: unknown): void {
  holds ? passed++ : failed++;
  console.log(holds ? `ok: ${name}` : `FAILED: ${name}: ${otherwise}`);
}

const work = await Deno.makeTempDir();
try {
  const dir = `${work}/peer`;
  const tarball = await pack(work);
  await npmProject(dir, [tarball, "telnyx@7.24.0", "typescript@latest"]);
  for (const file of ["sdk.mjs", "room_type.ts"]) {
    await Deno.copyFile(path(file), `${dir}/${file}`);
  }

  const fake = fakeRooms({ rooms: exampleRooms, tokens: ["KEY"] });
  const { baseUrl, close } = await serve(fake, 0);
  const args = ["sdk.mjs", baseUrl, id, missing];
  const theirs = JSON.parse(await must("node", args, { cwd: dir }));
  const ours = await getRoom(fetch, "KEY", id, {
    baseUrl,
    includeSessions: true,
  });
  await close();
  check(
    "the SDK has the same room from the fake as getRoom()",
    JSON.stringify(theirs.data) === JSON.stringify(ours),
    JSON.stringify(theirs.data),
  );
  check("the SDK sees a 404", theirs.missing === 404, theirs.missing);
  check("the SDK sees a 401", theirs.refused === 401, theirs.refused);

  const { code, stdout } = await sh("node", [
    "node_modules/typescript/bin/tsc",
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--lib",
    "es2022,dom",
    "room_type.ts",
  ], { cwd: dir });
  check("what is written for the SDK's room takes ours", code === 0, stdout);
} finally {
  await Deno.remove(work, { recursive: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
