import { assertEquals } from "@std/assert";
import { completions } from "../../lib/cli/completions.ts";
import { commands } from "../../lib/cli/commands.ts";
import { sh } from "../../scripts/sh.ts";
import { withFile, withFolder } from "./command.ts";

const flags = (name: "get" | "serve") => [
  ...Object.keys(commands[name]?.options ?? {}).map((option) => `--${option}`),
  "--help",
];

/** A test that needs a shell, and is ignored on a machine without it. */
async function shellTest(
  shell: string,
  name: string,
  fn: () => Promise<void>,
): Promise<void> {
  // Windows has a `bash` that only says that it has no Linux to run
  const isInstalled = await sh(shell, ["--version"])
    .then(({ code }) => code === 0, () => false);
  Deno.test({ name: `${name} (needs ${shell})`, ignore: !isInstalled, fn });
}

/** The completions of the last word in bash, in a folder with two files. */
const complete = (words: string[]) =>
  withFolder(async (folder) => {
    for (const file of ["key one.txt", "rooms.json"]) {
      await Deno.writeTextFile(`${folder}/${file}`, "");
    }
    const script = `${completions.bash(commands)}
COMP_WORDS=(telnyx-rooms "$@") COMP_CWORD=$#
_telnyx_rooms
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const args = ["-c", script, "bash", ...words];
    const { code, stdout, stderr } = await sh("bash", args, { cwd: folder });
    assertEquals([code, stderr], [0, ""]);
    return stdout.split("\n").filter(Boolean).sort();
  });

const files = ["key one.txt", "rooms.json"];
const cases: [what: string, words: string[], expected: string[]][] = [
  ["the commands", [""], [...Object.keys(commands), "--help", "--version"]],
  ["a command that has begun", ["de"], ["delete"]],
  ["the options of get", ["get", ""], flags("get")],
  ["the options of serve", ["serve", "--"], flags("serve")],
  ["an option after an id", ["watch", "7b61621f", "--ev"], ["--every"]],
  ["files for an API key", ["get", "--api-key-file", "k"], ["key one.txt"]],
  ["files for rooms", ["serve", "--rooms", ""], files],
  ["files after =", ["serve", "--rooms", "=", "r"], ["rooms.json"]],
  ["files right after =", ["get", "--api-key-file", "="], files],
  ["nothing for a number", ["watch", "--every", ""], []],
  ["the shells", ["completions", ""], ["bash", "zsh", "fish", "--help"]],
  ["the words of an option", ["create", "--recording", ""], ["on", "off"]],
  ["nothing for an unknown command", ["lists", ""], []],
];
for (const [what, words, expected] of cases) {
  await shellTest("bash", `completions.bash() offers ${what}`, async () => {
    assertEquals(await complete(words), expected.sort());
  });
}

for (
  const [shell, flag] of [["zsh", "-n"], ["fish", "--no-execute"]] as const
) {
  const name = `completions.${shell}() is a script that ${shell} can read`;
  await shellTest(
    shell,
    name,
    () =>
      withFile(completions[shell](commands), async (file) => {
        const { code, stderr } = await sh(shell, [flag, file]);
        assertEquals([code, stderr], [0, ""]);
      }),
  );
}

await shellTest(
  "fish",
  "completions.fish() offers commands, options and files",
  async () => {
    for (
      const [line, expected] of [
        ["", Object.keys(commands)],
        ["get --", flags("get")],
        ["serve --rooms lib/cli/ma", ["lib/cli/main.ts"]],
        ["completions ", ["bash", "fish", "zsh"]],
      ] as const
    ) {
      const script = `${
        completions.fish(commands)
      }complete -C 'telnyx-rooms ${line}'`;
      const { stdout } = await sh("fish", ["--no-config", "-c", script]);
      const offered = stdout.split("\n").filter(Boolean)
        .map((line) => line.split("\t")[0]);
      assertEquals(offered.sort(), [...expected].sort());
    }
  },
);
