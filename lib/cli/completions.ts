// Scripts with which shells complete the command.
import { type Command, type Option, wordsOf } from "./command.ts";
import { helpOption, meaning, versionOption } from "./help.ts";

type Commands = Readonly<Record<string, Command>>;

const name = "telnyx-rooms";

/** An option as a shell completes it. */
const toOption = ([option, { value, file, ...rest }]: [string, Option]) => ({
  option,
  flag: `--${option}`,
  value,
  file,
  /** The values that it can have, if they are a few words. */
  words: wordsOf(value).join(" "),
  about: meaning(rest),
});

/** The commands as a shell completes them. */
const toAll = (commands: Commands) =>
  Object.entries(commands).map(([command, { about, args, options }]) => ({
    command,
    about,
    args,
    words: wordsOf(args).join(" "),
    options: Object.entries({ ...options, help: helpOption }).map(toOption),
  }));

function bash(commands: Commands): string {
  const all = toAll(commands);
  const first = all.map(({ command }) => command).join(" ");
  const cases = all.flatMap(({ command, words, options }) => [
    ...options.filter(({ value }) => value).map(({ flag, file, words }) =>
      `${command}:${flag}) ${file ? "files=1" : `words='${words}'`} ;;`
    ),
    `${command}:*) words='${
      [words, ...options.map(({ flag }) => flag)].join(" ")
    }' ;;`,
  ]);
  return `_telnyx_rooms() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local words= files= line
  # Bash splits --option=value into three words
  [[ $before == = ]] && before=\${COMP_WORDS[COMP_CWORD-2]}
  [[ $word == = ]] && word=
  if ((COMP_CWORD == 1)); then
    words='${first} --help --version'
  else
    case \${COMP_WORDS[1]}:$before in
      ${cases.join("\n      ")}
    esac
  fi
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
    if [[ $files ]]; then compgen -f -- "$word"
    else compgen -W "$words" -- "$word"; fi
  )
  if [[ $files ]]; then compopt -o filenames 2>/dev/null; fi
}
complete -F _telnyx_rooms ${name}
`;
}

function zsh(commands: Commands): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const escape = (text: string) => text.replace(/[[\]:\\]/g, "\\$&");
  const plain = (text: string) => text.replace(/\W+/g, " ").trim();
  const option = (
    { flag, value, file, words, about }: ReturnType<typeof toOption>,
  ) => {
    const label = `[${escape(about)}]`;
    if (!value) return quote(flag + label);
    const values = file ? "_files" : words && `(${words})`;
    return quote(`${flag}=${label}:${plain(value)}:${values}`);
  };
  return `#compdef ${name}
_telnyx_rooms() {
  local -a commands=(
    ${
    toAll(commands).map(({ command, about }) =>
      quote(`${command}:${escape(about)}`)
    )
      .join("\n    ")
  }
  )
  if ((CURRENT == 2)); then
    _describe command commands
    _arguments --help --version
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
    ${
    toAll(commands).map(({ command, args, words, options }) => {
      const values = quote(`*:${plain(args)}:${words && `(${words})`}`);
      const parts = [...options.map(option), ...args ? [values] : []];
      return `${command}) _arguments ${parts.join(" \\\n      ")} ;;`;
    }).join("\n    ")
  }
  esac
}
if [[ $funcstack[1] == _telnyx_rooms ]]; then _telnyx_rooms "$@"
else compdef _telnyx_rooms ${name}; fi
`;
}

function fish(commands: Commands): string {
  const quote = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;
  const line = (condition: string, rest: string) =>
    `complete -c ${name} -n ${quote(condition)} ${rest}\n`;
  const first = "__fish_use_subcommand";
  return [
    `complete -c ${name} -f\n`,
    ...Object.entries({ help: helpOption, version: versionOption }).map((
      [option, { short, about }],
    ) => line(first, `-s ${short} -l ${option} -d ${quote(about)}`)),
    ...toAll(commands).flatMap(({ command, about, words, options }) => {
      const within = `__fish_seen_subcommand_from ${command}`;
      return [
        line(first, `-a ${command} -d ${quote(about)}`),
        ...words ? [line(within, `-a ${quote(words)}`)] : [],
        ...options.map(({ option, value, file, words, about }) => {
          const values = words
            ? `-x -a ${quote(words)}`
            : file
            ? "-r -F"
            : "-x";
          return line(
            within,
            `-l ${option} ${value ? values : ""} -d ${quote(about)}`,
          );
        }),
      ];
    }),
  ].join("");
}

export const completions = { bash, zsh, fish };
