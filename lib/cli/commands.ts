// All commands, in the order of the help; each is declared in a file of its own, or
// with those that are about the same.
import { type Command, command } from "./command.ts";
import { completions as scripts } from "./completions.ts";
import { compose, download } from "./download.ts";
import { unknownWord, usageError } from "./failure.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { compositions, recordings } from "./recordings.ts";
import { create, deleteRooms, get, list, token, update } from "./rooms.ts";
import { serve } from "./serve.ts";
import { end, kick, mute, participants, sessions, unmute } from "./sessions.ts";
import { joinedByOr } from "./text.ts";
import { trigger } from "./trigger.ts";
import { usage } from "./usage.ts";
import { verify } from "./verify.ts";
import { watch } from "./watch.ts";

/** The package's version; a test holds it equal to the one in `deno.json`. */
export const version = "0.1.0";
export const about = "Telnyx video rooms on the command line (unofficial)";

const completions = command({
  args: "bash|zsh|fish",
  about: "print a completion script for a shell",
  options: {},
  examples: [
    [
      "echo 'source <(telnyx-rooms completions bash)' >> ~/.bashrc",
      "install completions for bash",
    ],
    [
      "echo 'source <(telnyx-rooms completions zsh)' >> ~/.zshrc",
      "install completions for zsh, after compinit",
    ],
    [
      "telnyx-rooms completions fish > ~/.config/fish/completions/telnyx-rooms.fish",
      "install completions for fish",
    ],
  ],
  run({ positionals: [shell] }, { stdout }) {
    const shells = joinedByOr(Object.keys(scripts));
    if (shell === undefined) throw usageError(`completions takes ${shells}`);
    const script = new Map(Object.entries(scripts)).get(shell);
    if (!script) throw unknownWord(shell, shells, []);
    stdout.write(script(commands));
  },
});

const help = command({
  args: "[COMMAND]",
  about: "show help, of a command or in general",
  options: {},
  run({ positionals: [name] }, { stdout }) {
    stdout.write(helpOf(name, stdout.isTTY ? stdout.columns : undefined));
  },
});

export const commands: Readonly<Record<string, Command>> = {
  list,
  get,
  watch,
  create,
  update,
  delete: deleteRooms,
  token,
  sessions,
  end,
  kick,
  mute,
  unmute,
  participants,
  recordings,
  compositions,
  download,
  compose,
  usage,
  serve,
  verify,
  trigger,
  completions,
  help,
};

/** The command of this name; throws if there is none, with the one that is near. */
export function commandOf(name: string): Command {
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (found) return found;
  if (name.startsWith("-")) throw usageError("Options come after the command");
  throw unknownWord(name, "a command", Object.keys(commands));
}

export function helpOf(name: string | undefined, columns?: number): string {
  return name === undefined
    ? generalHelp(about, commands, columns)
    : commandHelp(name, commandOf(name), columns);
}
