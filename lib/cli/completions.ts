import { meaning } from "./help.ts";
import { type Command, commands, general, name } from "./manual.ts";
import { type Option, wordsOf } from "./option.ts";

const all: [string, Command][] = Object.entries(commands);
const first = [...all.map(([command]) => command), "--help", "--version"];
const { help } = general;

/** The options of a command, its help among them. */
const optionsOf = ({ options }: Command): [string, Option][] =>
  Object.entries({ ...options, help });

function bash(): string {
  const cases = all.flatMap(([command, its]) => {
    const taking = (file: boolean) =>
      optionsOf(its)
        .filter(([, { value, file: is = false }]) => value && is === file)
        .map(([option]) => `${command}:--${option}`).join("|");
    const words = [
      ...wordsOf(its.args),
      ...optionsOf(its).map(([option]) => `--${option}`),
    ].join(" ");
    const choices = optionsOf(its).flatMap(([option, { value }]) =>
      wordsOf(value).length > 0
        ? [`${command}:--${option}) words='${wordsOf(value).join(" ")}' ;;`]
        : []
    );
    return [
      ...choices,
      ...taking(true) ? [`${taking(true)}) files=1 ;;`] : [],
      ...taking(false) ? [`${taking(false)}) ;;`] : [],
      `${command}:*) words='${words}' ;;`,
    ];
  });
  return `_telnyx_rooms() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local words= files= line
  # --option=value comes as three words
  [[ $before == = ]] && before=\${COMP_WORDS[COMP_CWORD-2]}
  [[ $word == = ]] && word=
  if ((COMP_CWORD == 1)); then
    words='${first.join(" ")}'
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

/** Text in single quotes of a shell. */
const quoted = (text: string, quote: string) =>
  `'${text.replaceAll("'", quote)}'`;

function zsh(): string {
  const quote = (text: string) => quoted(text, "'\\''");
  const escaped = (text: string) => text.replace(/[[\]:\\]/g, "\\$&");
  const spec = ([option, its]: [string, Option]) =>
    quote(
      `--${option}${its.value ? "=" : ""}[${escaped(meaning(its))}]` +
        (its.value
          ? `:${its.value.replace(/\W+/g, " ")}:${
            its.file
              ? "_files"
              : wordsOf(its.value).length > 0
              ? `(${wordsOf(its.value).join(" ")})`
              : ""
          }`
          : ""),
    );
  return `#compdef ${name}
_telnyx_rooms() {
  local -a commands=(
    ${
    all.map(([command, { about }]) => quote(`${command}:${escaped(about)}`))
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
    all.map(([command, its]) =>
      `${command}) _arguments ${
        [
          ...optionsOf(its).map(spec),
          wordsOf(its.args).length > 0
            ? `':shell:(${wordsOf(its.args).join(" ")})'`
            : its.args && quote(`*:${its.args.replace(/\W+/g, " ").trim()}:`),
        ].filter(Boolean).join(" \\\n      ")
      } ;;`
    ).join("\n    ")
  }
  esac
}
if [[ $funcstack[1] == _telnyx_rooms ]]; then _telnyx_rooms "$@"
else compdef _telnyx_rooms ${name}; fi
`;
}

function fish(): string {
  const quote = (text: string) => quoted(text.replaceAll("\\", "\\\\"), "\\'");
  const line = (...parts: string[]) =>
    ["complete -c", name, ...parts.filter(Boolean)].join(" ");
  return [
    line("-f"),
    ...Object.entries(general).map(([option, { short = "", about }]) =>
      line(
        "-n __fish_use_subcommand -s",
        short,
        "-l",
        option,
        "-d",
        quote(about),
      )
    ),
    ...all.flatMap(([command, its]) => {
      const within = `-n '__fish_seen_subcommand_from ${command}'`;
      return [
        line("-n __fish_use_subcommand -a", command, "-d", quote(its.about)),
        ...wordsOf(its.args).length > 0
          ? [line(within, "-a", quote(wordsOf(its.args).join(" ")))]
          : [],
        ...optionsOf(its).map(([option, its]) =>
          line(
            within,
            "-l",
            option,
            its.value ? (its.file ? "-r -F" : "-x") : "",
            wordsOf(its.value).length > 0
              ? `-a ${quote(wordsOf(its.value).join(" "))}`
              : "",
            "-d",
            quote(meaning(its)),
          )
        ),
      ];
    }),
    "",
  ].join("\n");
}

/** What completes the command line on Tab, as a script for each shell. */
export const completions: Record<
  "bash" | "zsh" | "fish",
  () => string
> = { bash, zsh, fish };
