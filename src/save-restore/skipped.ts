/** --skip-bad: what lines that were skipped may have asked for, and a restore therefore leaves. */
import { Failure } from "../command-line/failure";
import { commandOf, type FirstWord, type LongName, SPELLING } from "../command-line/options";
import { type ParseContext, parseCommandLine } from "../command-line/parse";
import { OptionReader, PoptFailure } from "../command-line/popt";
import type { Change } from "../ipvs/model";
import { serviceId } from "../ipvs/table";

/** The commands that are not about one service; what is wrong with their lines is nothing to any. */
const NO_SERVICE: ReadonlySet<FirstWord> = new Set<FirstWord>([
  "set", "start-daemon", "stop-daemon", "list", "save", "restore", "zero", "help", "version",
]);

export class Skipped {
  /** Of how many lines nothing was done. */
  count = 0;
  /** The services that a skipped line names, by serviceId. */
  private readonly services = new Set<string>();
  /** Where a service was to be added that was not: the number of its line. */
  private readonly additions = new Map<string, number>();
  /** How services were written whose names cannot be read. */
  private readonly unreadable = new Set<string>();
  /** A line was about a service that no other line has: it may be any that the input does not name. */
  private anyUnnamed = false;
  /** A line may have been about any service. */
  private any = false;

  /** Whether a service that the input does not have stays as it stands. */
  keepsService(id: string): boolean {
    return this.anyUnnamed || this.keepsServers(id);
  }

  /** Whether a service loses no server. */
  keepsServers(id: string): boolean {
    return this.any || this.services.has(id);
  }

  /** The line that was to add a service, where that was skipped. */
  lineOf(service: Parameters<typeof serviceId>[0]): number | undefined {
    return this.additions.get(serviceId(service));
  }

  /** A line that says what it is about, and that the lines before contradict. */
  addChange(change: Change | undefined): void {
    this.count++;
    if (change !== undefined && "service" in change && change.service !== undefined) this.services.add(serviceId(change.service));
  }

  /** A line that could not be read. */
  async addUnread(words: readonly string[], line: number, context: ParseContext): Promise<void> {
    this.count++;
    const { command, services } = readWhatIsThere(words, context);
    if (command !== undefined && NO_SERVICE.has(command)) return;
    if (services.length === 0) this.any = true;
    for (const service of services) {
      const id = await idOf(service, context);
      const written = service.join(" ");
      if (id !== undefined) {
        this.services.add(id);
        if (command === "add-service" && !this.additions.has(id)) this.additions.set(id, line);
      } else if (command === "add-service") {
        this.unreadable.add(written);
        this.anyUnnamed = true;
      } else if (!this.unreadable.has(written)) {
        this.any = true;
      }
    }
  }
}

/** The command of a line, and the words that name its service: what can be read of a line that cannot be read whole. */
function readWhatIsThere(words: readonly string[], context: ParseContext): { command: FirstWord | undefined; services: string[][] } {
  const reader = new OptionReader<LongName>(words, SPELLING, context);
  const services: string[][] = [];
  let command: FirstWord | undefined;
  let six = false;
  for (let first = true; ; first = false) {
    let option: LongName | undefined;
    try {
      option = reader.next();
    } catch (error) {
      if (!(error instanceof PoptFailure)) throw error;
      continue;
    }
    if (option === undefined) break;
    if (first) command = commandOf(option);
    if (option === "ipv6") six = true;
    if (option === "tcp-service" || option === "udp-service" || option === "sctp-service" || option === "fwmark-service") {
      services.push([`--${option}`, reader.argument ?? ""]);
    }
  }
  return { command, services: six ? services.map((service) => [...service, "--ipv6"]) : services };
}

/** The id of the service that words name; undefined where they name none. */
async function idOf(service: readonly string[], context: ParseContext): Promise<string | undefined> {
  try {
    const intent = await parseCommandLine(["--delete-service", ...service], context);
    return intent.kind === "change" && intent.change.kind === "delete-service" ? serviceId(intent.change.service) : undefined;
  } catch (error) {
    if (error instanceof Failure || error instanceof PoptFailure) return undefined;
    throw error;
  }
}
