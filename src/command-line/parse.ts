import type { Role, Timeouts } from "../ipvs/model";
import type { NameLookup } from "../names/lookup";
import { Entry } from "./entry";
import { blame, blaming, fail, tryHelp } from "./failure";
import { takeOption } from "./handlers";
import type { Intent } from "./intent";
import { intentOf } from "./intent-of";
import { commandOf, type FirstWord, type LongName, SPELLING } from "./options";
import { OptionReader, PoptFailure, type RestWord } from "./popt";
import { seconds } from "./values";

/** What the words may ask of the world around them. */
export interface ParseContext {
  readonly program: string;
  /** Whether the first word that is no option ends the options. Asked at the first such word: an environment takes time to read. */
  posix(): boolean;
  readonly names: NameLookup;
}

/**
 * What a command line means: at once, where no name has to be waited for.
 * Throws Failure with ipvsadm's message and status, and PoptFailure for a word
 * that popt cannot read after the command; rejects with them after a wait.
 */
export function parseCommandLine(words: readonly string[], context: ParseContext): Intent | Promise<Intent> {
  const reader = new OptionReader(words, SPELLING, context);
  const command = firstWord(reader, context.program);
  if (command === "help" || command === "version") return { kind: command };
  const entry = new Entry(command, context.names);
  if (command === "start-daemon") entry.daemon.role = daemonRole(reader, "start-daemon parameter");
  // ipvsadm's own name for it.
  if (command === "stop-daemon") entry.daemon.role = daemonRole(reader, "start_daemon");
  return takeOptions(reader, entry);
}

function takeOptions(reader: OptionReader<LongName>, entry: Entry): Intent | Promise<Intent> {
  for (let option = reader.next(); option !== undefined; option = reader.next()) {
    const { at } = reader;
    try {
      const taken = takeOption(entry, option, reader);
      if (taken !== undefined) return taken.then(() => takeOptions(reader, entry), (error: unknown) => blame(at, error));
    } catch (error) {
      blame(at, error);
    }
  }
  const timeouts = entry.command === "set" ? threeTimeouts(reader.rest.splice(0, 3)) : undefined;
  const [unexpected] = reader.rest;
  if (unexpected !== undefined) blaming(unexpected.at, () => fail(`unexpected argument ${unexpected.text}`));
  return intentOf(entry, timeouts);
}

function firstWord(reader: OptionReader<LongName>, program: string): FirstWord {
  let word: LongName | undefined;
  try {
    word = reader.next();
  } catch (error) {
    if (!(error instanceof PoptFailure)) throw error;
  }
  return (word && commandOf(word)) ?? tryHelp(program);
}

function daemonRole({ argument, at }: OptionReader<LongName>, name: string): Role {
  if (argument === "master" || argument === "backup") return argument;
  return blaming(at, () => fail(`illegal ${name} specified`));
}

function threeTimeouts(words: readonly RestWord[]): Timeouts {
  const [tcp, tcpFin, udp] = words;
  if (tcp === undefined || tcpFin === undefined || udp === undefined) fail("--set option requires 3 timeout values");
  const timeout = ({ text, at }: RestWord): number => blaming(at, () => seconds(text, 0));
  return { tcp: timeout(tcp), tcpFin: timeout(tcpFin), udp: timeout(udp) };
}
