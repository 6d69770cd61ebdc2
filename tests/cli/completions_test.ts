import { assertEquals } from "@std/assert";
import { completions } from "../../lib/cli/completions.ts";
import { commands } from "../../lib/cli/commands.ts";
import { sh } from "../../scripts/sh.ts";

const flags = (name: "get" | "serve") => [
  ...Object.keys(commands[name]?.options ?? {}).map((option) => `--${option}`),
  "--help",
];

/** Whether this machine has the shell; its tests are ignored otherwise. */
async function installed(command: string): Promise<boolean> {
  // Windows has a `bash` that only says that it has no Linux to run
  return await sh(command, ["--version"])
    .then(({ code }) => code === 0, () => false);
}
const [bash, zsh, fish] = await Promise.all(
  ["bash", "zsh", "fish"].map(installed),
);

/** The completions of the last word in bash, in a folder with two files. */
async function complete(...words: string[]): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  for (const file of ["key one.txt", "rooms.json"]) {
    await Deno.writeTextFile(`${folder}/${file}`, "");
  }
  const script = `${completions.bash(commands)}
COMP_WORDS=(telnyx-rooms "$@") COMP_CWORD=$#
_telnyx_rooms
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, stdout, stderr } = await sh("bash", [
    "-c",
    script,
    "bash",
    ...words,
  ], {
    cwd: folder,
  });
  await Deno.remove(folder, { recursive: true });
  assertEquals([code, stderr], [0, ""]);
  return stdout.split("\n").filter(Boolean).sort();
}

const cases: [string, string[], string[]][] = [
  ["the commands", [""], [...Object.keys(commands), "--help", "--version"]],
  ["a command that has begun", ["de"], ["delete"]],
  ["the options of get", ["get", ""], flags("get")],
  ["the options of serve", ["serve", "--"], flags("serve")],
  ["an option after an id", ["watch", "7b61621f", "--ev"], ["--every"]],
  ["files for an API key", ["get", "--api-key-file", "k"], ["key one.txt"]],
  ["files for rooms", ["serve", "--rooms", ""], ["key one.txt", "rooms.json"]],
  ["files after =", ["serve", "--rooms", "=", "r"], ["rooms.json"]],
  ["files right after =", ["get", "--api-key-file", "="], [
    "key one.txt",
    "rooms.json",
  ]],
  ["nothing for a number", ["watch", "--every", ""], []],
  ["the shells", ["completions", ""], ["bash", "zsh", "fish", "--help"]],
  ["the words of an option", ["create", "--recording", ""], ["on", "off"]],
  ["a word that has begun", ["recordings", "--type", "v"], ["video"]],
  ["nothing for an unknown command", ["lists", ""], []],
];
for (const [what, words, expected] of cases) {
  Deno.test({
    name: `completions.bash() offers ${what} (needs bash)`,
    ignore: !bash,
    fn: async () => assertEquals(await complete(...words), expected.sort()),
  });
}

/** Parses the script in its shell, without running it. */
async function parses(shell: "zsh" | "fish", flag: string): Promise<void> {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, completions[shell](commands));
  const { code, stderr } = await sh(shell, [flag, file]);
  await Deno.remove(file);
  assertEquals([code, stderr], [0, ""]);
}

Deno.test({
  name: "completions.zsh() is a script that zsh can read (needs zsh)",
  ignore: !zsh,
  fn: () => parses("zsh", "-n"),
});

Deno.test({
  name: "completions.fish() is a script that fish can read (needs fish)",
  ignore: !fish,
  fn: () => parses("fish", "--no-execute"),
});

Deno.test({
  name: "completions.fish() offers commands, options and files (needs fish)",
  ignore: !fish,
  fn: async () => {
    const offered = async (line: string) => {
      const script = `${completions.fish(commands)}complete -C '${line}'`;
      const { stdout } = await sh("fish", ["--no-config", "-c", script]);
      return stdout.split("\n").filter(Boolean)
        .map((line) => line.split("\t")[0] ?? "").sort();
    };
    assertEquals(await offered("telnyx-rooms "), Object.keys(commands).sort());
    assertEquals(await offered("telnyx-rooms get --"), flags("get").sort());
    assertEquals(
      await offered("telnyx-rooms serve --rooms lib/cli/ma"),
      ["lib/cli/main.ts"],
    );
    assertEquals(
      await offered("telnyx-rooms completions "),
      ["bash", "fish", "zsh"],
    );
  },
});
