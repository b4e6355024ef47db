/** How each shell is started, with the completions where it looks for them by itself, and how it tells what it finds. */
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FILES, PROGRAMS, type Shell } from "./facts";
import { Terminal } from "./terminal";

/** Another user may not enter the tree: each shell has a copy. */
const copy = (shell: Shell, path: string): void => writeFileSync(path, readFileSync(join("system/completions", FILES[shell])));

export interface Answer {
  /** Whole words, as they would stand on the line without quotes. */
  readonly candidates: readonly string[];
  /** The line after TAB. */
  readonly line: string;
}

export interface Session {
  readonly name: string;
  readonly shell: Shell;
  readonly terminal: Terminal;
  complete(line: string): Promise<Answer>;
}

const PROMPT = "go> ";
const TAB = "\t";
const DUMP = "\x18\x04";
const LIST = "\x18\x0c";
const KILL_LINE = "\x15";

/** What the word at the end of a line says, without its quotes. */
const lastWord = (line: string): string => (/\S*$/.exec(line)?.[0] ?? "").replace(/['"\\]/g, "");

/** The function is wrapped, so that it tells what it answers readline. */
const BASH_COMPLETIONS = `
. __COMPLETIONS__
eval "original_$(declare -f _ipvsadm)"
_ipvsadm() { original__ipvsadm "$@"; frame candidates "$2" "\${COMPREPLY[@]}"; }
`;
const BASH = `
PS1='${PROMPT}' HISTFILE=
bind 'set bell-style none'
bind 'set enable-bracketed-paste off'
frame() { local IFS=$'\\x1d'; printf '\\x1e%s\\x1f' "$*" >/dev/tty; }
dump() { frame line "$READLINE_LINE"; }
bind -x '"\\C-x\\C-d": dump'
`;

const BARE = "bash";
export const WITH_PACKAGE = "bash with bash-completion";

/** With set -u, which some have on; with the package, which finds the file by itself, or without. */
async function bash(name: string, folder: string, environment: NodeJS.ProcessEnv, through: readonly string[] = []): Promise<Session> {
  const withPackage = name === WITH_PACKAGE;
  const rc = join(folder, ".bashrc");
  const lazy = join(folder, "share/bash-completion/completions");
  mkdirSync(lazy, { recursive: true });
  const wrapped = join(lazy, "ipvsadm");
  const completions = join(folder, FILES.bash);
  copy("bash", completions);
  writeFileSync(wrapped, BASH_COMPLETIONS.replace("__COMPLETIONS__", completions));
  if (withPackage) for (const program of PROGRAMS.slice(1)) symlinkSync("ipvsadm", join(lazy, program));
  const source = withPackage ? ". /usr/share/bash-completion/bash_completion" : `. ${wrapped}\nset -u`;
  writeFileSync(rc, `${BASH}${source}\nframe ready\n`);
  const terminal = new Terminal(`exec ${through.join(" ")} bash --noprofile --rcfile ${rc} -i`, { ...environment, XDG_DATA_HOME: join(folder, "share") }, folder);
  await terminal.asks(PROMPT);
  const complete = async (line: string): Promise<Answer> => {
    terminal.type(`${line}${TAB}`);
    const [replaced = "", ...found] = await terminal.told("candidates");
    terminal.type(DUMP);
    const [after = ""] = await terminal.told("line");
    terminal.type(KILL_LINE);
    const word = lastWord(line);
    const kept = word.slice(0, word.length - replaced.replace(/^[:=]+$/, "").length);
    return { candidates: found.map((one) => kept + one), line: after };
  };
  // What bash 5.2 has loaded on TAB it finds at once by a name, by a path only with the next TAB.
  if (withPackage) await complete("ipvsadm -");
  return { name, shell: "bash", terminal, complete };
}

/** Completion ends with comppostfuncs; before, each compadd's matches are kept. */
const ZSH = `
PS1='${PROMPT}' LISTMAX=10000
unset zle_bracketed_paste
setopt no_beep
fpath=(__COMPLETIONS__ /usr/share/zsh/functions/Completion{,/Base,/Zsh,/Unix})
autoload -Uz compinit
compinit -C -D
frame() { print -rn -- $'\\x1e'\${(pj:\\x1d:)@}$'\\x1f' >/dev/tty }
dump() { frame line "$BUFFER" }
zle -N dump
bindkey '^X^D' dump
typeset -ga kept
compadd() {
  if (( ! \${\${argv[1,(i)-(|-)]}[(I)-[OAD]]} )); then
    local -a hits
    builtin compadd -O hits "$@"
    kept+=($IPREFIX$^hits)
  fi
  builtin compadd "$@"
}
report() { frame candidates "\${kept[@]}"; kept=() }
watch-completion() { comppostfuncs=(report) }
precmd_functions+=(watch-completion)
again() { comppostfuncs=(report); zle expand-or-complete }
zle -N again
bindkey '^I' again
frame ready
`;

async function zsh(folder: string, environment: NodeJS.ProcessEnv, through: readonly string[] = []): Promise<Session> {
  const home = join(folder, "zsh");
  mkdirSync(home);
  copy("zsh", join(home, FILES.zsh));
  writeFileSync(join(home, ".zshrc"), ZSH.replace("__COMPLETIONS__", home));
  const terminal = new Terminal(`exec ${through.join(" ")} zsh -d -i`, { ...environment, ZDOTDIR: home }, folder);
  await terminal.asks(PROMPT);
  const complete = async (line: string): Promise<Answer> => {
    terminal.type(`${line}${TAB}`);
    const candidates = await terminal.told("candidates");
    terminal.type(DUMP);
    const [after = ""] = await terminal.told("line");
    terminal.type(KILL_LINE);
    return { candidates: candidates.filter((one) => one !== ""), line: after };
  };
  return { name: "zsh", shell: "zsh", terminal, complete };
}

const FISH = `
set fish_greeting
function fish_prompt; echo '${PROMPT}'; end
function frame; printf '\\x1e%s\\x1f' (string join \\x1d -- $argv) >/dev/tty; end
function list; frame candidates (complete --do-complete (commandline --cut-at-cursor) | string replace --regex '\\t.*' ''); end
function dump; frame line (commandline); end
bind \\cx\\cl list
bind \\cx\\cd dump
bind \\cu 'commandline ""'
frame ready
`;

async function fish(folder: string, environment: NodeJS.ProcessEnv, through: readonly string[] = []): Promise<Session> {
  const config = join(folder, "config/fish");
  mkdirSync(join(config, "completions"), { recursive: true });
  // It makes files there, whoever it runs as.
  for (const place of [join(folder, "config"), config]) chmodSync(place, 0o777);
  const loaded = join(config, "completions/ipvsadm.fish");
  copy("fish", loaded);
  for (const program of PROGRAMS.slice(1)) symlinkSync("ipvsadm.fish", join(config, "completions", `${program}.fish`));
  writeFileSync(join(config, "config.fish"), FISH);
  const terminal = new Terminal(`exec ${through.join(" ")} fish --private --interactive`, { ...environment, HOME: folder, XDG_CONFIG_HOME: join(folder, "config") }, folder);
  await terminal.asks(PROMPT);
  const complete = async (line: string): Promise<Answer> => {
    terminal.type(`${line}${LIST}`);
    // Where nothing begins so, fish offers what has it inside.
    const candidates = (await terminal.told("candidates")).filter((one) => one.startsWith(lastWord(line)));
    let after = line;
    if (candidates.length === 1) {
      terminal.type(`${TAB}${DUMP}`);
      [after = ""] = await terminal.told("line");
    }
    terminal.type(KILL_LINE);
    return { candidates, line: after };
  };
  return { name: "fish", shell: "fish", terminal, complete };
}

export interface Start {
  readonly name: string;
  /** In a folder where it may write; by a program that becomes somebody else before, where one is named. */
  start(folder: string, environment: NodeJS.ProcessEnv, through?: readonly string[]): Promise<Session>;
}

/** Each shell as it is used. */
export const STARTS: readonly Start[] = [
  { name: BARE, start: (folder, environment, through) => bash(BARE, folder, environment, through) },
  { name: WITH_PACKAGE, start: (folder, environment, through) => bash(WITH_PACKAGE, folder, environment, through) },
  { name: "zsh", start: zsh },
  { name: "fish", start: fish },
];
