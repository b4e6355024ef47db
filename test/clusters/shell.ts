/** A shell on the director of the tutorial's cluster, with the tree's programs first in PATH. */
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tutorial } from "./scenarios/direct-routing";
import { PROGRAMS } from "../lab/programs";
import { Story } from "./story";

const WELCOME = `${tutorial.drawing}

This is a shell on the director. The table is set: ipvsadm -Ln shows it.
On another machine:   on client curl -s http://${tutorial.vip}/
                      on real-18 ip address
A shell there:        on client bash
exit ends it all.
`;

/**
 * What the shell reads as it starts, and each that "on MACHINE bash" starts: $LAB_MACHINE says where it is. A prompt of
 * the environment would not do, for /etc/bash.bashrc sets another.
 */
const rcOf = (rc: string, machines: readonly string[]): string => `
PS1="\${LAB_MACHINE:-director}# "
[ ! -e /usr/share/bash-completion/bash_completion ] || . /usr/share/bash-completion/bash_completion
. '${join(process.cwd(), "system/completions/ipvsadm.bash")}'
on() {
  local usage='usage: on MACHINE COMMAND [ARGUMENT...], with the machines ${machines.join(", ")}'
  if [ $# = 0 ]; then echo "on: a machine and a command are missing; $usage" >&2; return 2; fi
  case ' ${machines.join(" ")} ' in *" $1 "*) ;; *) echo "on: no machine is called '$1'; $usage" >&2; return 2 ;; esac
  if [ $# = 1 ]; then echo "on: $1: a command is missing; $usage" >&2; return 2; fi
  local machine=$1
  shift
  [ "$*" != bash ] || set -- bash --rcfile '${rc}' -i
  LAB_MACHINE=$machine PS1="$machine# " nsenter --net="/run/netns/$machine" -- "$@"
}
_on() {
  if [ "$COMP_CWORD" = 1 ]; then mapfile -t COMPREPLY < <(compgen -W '${machines.join(" ")}' -- "$2")
  elif declare -F _command_offset >/dev/null; then _command_offset 2; fi
}
complete -F _on on
`;

/** Returns the shell's status. */
export const shell = async (coloured: boolean): Promise<number> => {
  let told = "";
  const story = new Story(coloured, (text) => (told += text));
  try {
    return await tutorial.withCluster(story, async (cluster) => {
      const rc = join(mkdtempSync(join(tmpdir(), "shell-")), "rc");
      writeFileSync(rc, rcOf(rc, cluster.names));
      process.stdout.write(`${WELCOME}\n`);
      const words = ["--net=/run/netns/director", "--", "bash", "--rcfile", rc, "-i"];
      const env = { ...process.env, PATH: `${PROGRAMS}:${process.env["PATH"] ?? ""}` };
      // Ctrl-C is for what runs in the shell.
      process.on("SIGINT", () => {});
      const child = spawn("nsenter", words, { stdio: "inherit", env });
      return await new Promise<number>((resolve, reject) => {
        child.on("error", reject);
        child.on("exit", (code) => resolve(code ?? 1));
      });
    });
  } catch (error) {
    process.stdout.write(told);
    story.gaveUp(error);
    return 1;
  }
};
