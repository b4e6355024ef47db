/** The shell of `npm run lab -- shell`: its completions, its prompts, and what `on` says where something is missing. */
import type { Report } from "../differential/suites/suite";
import { Terminal } from "./terminal";

const USAGE = "usage: on MACHINE COMMAND [ARGUMENT...], with the machines director, real-18, real-28, client";
const DIRECTOR = "director# ";

export async function labShell(folder: string, report: Report): Promise<void> {
  const tree = process.cwd();
  const terminal = new Terminal(`cd '${tree}' && exec ${process.execPath} build/clusters/main.cjs shell`, process.env, folder);
  const note = (what: string, holds: boolean, found: string): void => report.note(`lab shell: ${what}`, holds ? [] : [JSON.stringify(found)]);
  /** What a line prints until a prompt comes back. */
  const prints = async (line: string, prompt = DIRECTOR): Promise<string> => {
    terminal.type(`${line}\n`);
    await terminal.shows(`${line}\r\n`);
    return terminal.shows(prompt);
  };
  await terminal.shows(DIRECTOR);
  for (const [line, said] of [
    ["on", `on: a machine and a command are missing; ${USAGE}`],
    ["on client", `on: client: a command is missing; ${USAGE}`],
    ["on nobody ip address", `on: no machine is called 'nobody'; ${USAGE}`],
  ] as const) {
    const found = (await prints(line)).replaceAll(/\s+/g, " ");
    note(line, found.includes(said), found);
  }
  const addresses = await prints("on real-18 ip -brief address show eth0");
  note("on real-18 runs a command there", addresses.includes("192.168.0.18/24"), addresses);
  // With the prompt of that machine, or the wait would not end.
  await prints("on client bash", "client# ");
  const there = await prints("ip -brief address show eth0", "client# ");
  note("on client bash is a shell there, and its prompt says so", there.includes("192.168.0.100/24"), there);
  await prints("exit");
  for (const [typed, added] of [
    ["ipvsadm --start-d", "aemon "],
    ["ipvsadm-restore --dry", "-run "],
    ["lvs-director resta", "rt "],
    ["on real-2", "8 "],
    ["on real-28 lvs-realserver resta", "rt "],
  ] as const) {
    terminal.type(`${typed}\t`);
    await terminal.shows(`${typed}${added}`);
    note(`${typed} and TAB`, true, "");
    terminal.type("\x15\n");
    await terminal.shows(DIRECTOR);
  }
  terminal.type("exit\n");
  await terminal.shows("exit");
  terminal.close();
}
