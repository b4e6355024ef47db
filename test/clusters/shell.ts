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

/** What the shell reads as it starts. */
const RC = `
PS1='director# '
on() { machine=$1; shift; nsenter --net="/run/netns/$machine" -- "$@"; }
`;

/** Returns the shell's status. */
export const shell = async (coloured: boolean): Promise<number> => {
  let told = "";
  const story = new Story(coloured, (text) => (told += text));
  try {
    return await tutorial.withCluster(story, async () => {
      const rc = join(mkdtempSync(join(tmpdir(), "shell-")), "rc");
      writeFileSync(rc, RC);
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
