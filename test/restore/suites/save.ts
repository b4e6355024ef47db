/** ipvsadm-save: what it writes, where, and what it says where it cannot. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDottedQuad } from "../../../src/ipvs/address";
import { AF, FWD, IPPROTO } from "../../../src/ipvs/constants";
import type { Server, Service } from "../../../src/ipvs/model";
import { rules } from "../../differential/cases/case";
import type { Outcome } from "../../differential/reference";
import type { Report } from "../../differential/suites/suite";
import { tableDifferences, textDifferences } from "../differences";
import { sharedPrograms } from "../../lab/programs";
import { good, type Lab, type Suite } from "../lab";
import { share } from "../../lab/share";
import { FULL } from "../settings";

/** In the order of lists, where large marks come first, and as it is saved. */
const TABLE = rules(
  "-A -f 3000000000 -6 -s mh -b mh-port",
  "-a -f 3000000000 -6 -r [2001:db8::a]:0 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum",
  "-A -t 10.0.0.1:80 -s wrr -p 360 -M 255.255.255.0",
  "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 3 -x 100 -y 50",
  "-A -u 10.0.0.1:5060 -s sh -p 60 --pe sip -o -b sh-fallback,sh-port",
);
const SETTINGS = rules("--set 800 100 200", "--start-daemon master --mcast-interface eth0 --syncid 7 --sync-maxlen 1400 --mcast-group 239.0.0.1 --mcast-port 9000 --mcast-ttl 3", "--start-daemon backup --mcast-interface lo --syncid 0 --sync-maxlen 1472 --mcast-group ff02::5 --mcast-port 8848 --mcast-ttl 1");
const OLD = "# the old one\n-A -t 10.0.0.99:80\n";
const INCOMPLETE = 1;
const BAD_OPTION = 2;

export const save: Suite = {
  name: "save",
  run: async (lab, report) => {
    await lab.become(TABLE);
    report.note("save: everything that options can say", good(await lab.save(), TABLE));
    await files(lab, report);
    await unwritable(lab, report);
    await processes(lab, report);
    await emptyTables(lab, report);
    await inexpressible(lab, report);
    await settings(lab, report);
    await masks(lab, report);
    await order(lab, report);
  },
};

const expect = (what: string, wanted: unknown, found: unknown): string[] =>
  wanted === found ? [] : [`${what} should be ${JSON.stringify(wanted)}, and is ${JSON.stringify(found)}`];

/** -o: whole, in its place, as what it was. */
async function files(lab: Lab, report: Report): Promise<void> {
  const folder = join(lab.folder, "files");
  const inside = (name: string): string => join(folder, name);
  mkdirSync(folder);

  report.note("save -o: a new file", [
    ...good(await lab.save({ output: inside("new") })),
    ...expect("the content", TABLE, readFileSync(inside("new"), "utf8")),
    ...expect("the mode", 0o666 & ~process.umask(), statSync(inside("new")).mode & 0o7777),
  ]);
  writeFileSync(inside("old"), OLD);
  await lab.shell(`chown 1234:5678 files/old; chmod 2640 files/old; ln files/old files/witness; ln -s old files/link; ln -s ../files/link files/link-to-link`);
  const inode = statSync(inside("old")).ino;
  for (const name of ["old", "link", "link-to-link"]) {
    writeFileSync(inside("old"), OLD);
    const problems = good(await lab.save({ output: inside(name) }));
    const { mode, uid, gid } = statSync(inside("old"));
    report.note(`save -o: over a file, as ${name}`, [
      ...problems,
      ...expect("the content", TABLE, readFileSync(inside("old"), "utf8")),
      ...expect("mode and owner", "2640 1234 5678", `${(mode & 0o7777).toString(8)} ${uid} ${gid}`),
    ]);
  }
  const links = await lab.shell(`readlink files/link files/link-to-link`);
  report.note("save -o: links stay links", expect("the links", "old\n../files/link\n", links.stdout));
  // The one that was there is another file, whole to the end: whoever reads it reads the old one.
  report.note("save -o: the old file is replaced, not written over", [
    ...expect("its other name", OLD, readFileSync(inside("witness"), "utf8")),
    ...expect("the same file", false, statSync(inside("old")).ino === inode),
  ]);
  report.note("save -o: no other file is left", expect("the folder", "link link-to-link new old witness", readdirSync(folder).sort().join(" ")));
}

/** Where nothing can be written: said, and nothing else is there afterwards. */
async function unwritable(lab: Lab, report: Report): Promise<void> {
  for (const output of [join(lab.folder, "nowhere/rules"), join(lab.folder, "files/old/rules"), lab.folder, "/dev/full", "/proc/rules"]) {
    const { stderr, status } = await lab.save({ output });
    const said = new RegExp(`^ipvsadm-save: ${output}: [^\\n]+\\n$`).test(stderr) && status === INCOMPLETE;
    report.note(`save -o ${output}`, said ? [] : [JSON.stringify({ stderr, status })]);
  }
}

interface ProcessCase {
  /** In which "$1" is ipvsadm-save; what it writes to stdout is compared. */
  readonly script: string;
  readonly stdout?: string;
  readonly stderr: RegExp;
  readonly status: number;
  /** Starting a process is dear in the lab: this one is for the long form. */
  readonly long?: true;
}

const SAID = (what: string): RegExp => new RegExp(`^ipvsadm-save: ${what}: [^\\n]+\\n$`);
const NOTHING = /^$/;
/** What "$1" does in a folder that is a file system of its own: the old file stands, alone. */
const mounted = (options: string, afterwards: string, output: string): string =>
  `mkdir -p own && mount -t tmpfs ${options} none own && cp old own/rules && ${afterwards} "$1" -n -o ${output}; status=$?; cat own/rules; ls -A own; umount own; exit $status`;
/** A table that does not fit into the page that is left. */
const MUCH = rules(...Array.from({ length: 300 }, (_, number) => `-A -t 10.${number >> 8}.${number & 255}.1:80`));

const PROCESSES: readonly ProcessCase[] = [
  { script: `"$1" -n`, stdout: TABLE, stderr: NOTHING, status: 0 },
  { script: `"$1" -n -o out && cat out`, stdout: TABLE, stderr: NOTHING, status: 0 },
  { script: `"$1" --numeric > out && cat out`, stdout: TABLE, stderr: NOTHING, status: 0, long: true },
  { script: `"$1" -n --output=out && cat out`, stdout: TABLE, stderr: NOTHING, status: 0, long: true },
  { script: `"$1" -n -o - && test ! -e -`, stdout: TABLE, stderr: NOTHING, status: 0 },
  { script: `"$1" -n -o /dev/stdout`, stdout: TABLE, stderr: NOTHING, status: 0, long: true },
  { script: `"$1" -n > /dev/full`, stderr: SAID("standard output"), status: INCOMPLETE },
  { script: `{ sleep 0.5; "$1" -n; echo $? > broken; } | true; read -r status < broken; exit "$status"`, stderr: NOTHING, status: 141 },
  // ipvsadm-restore is beside it.
  { script: `echo "-A -t 10.9.9.9:80" | "\${1%save}restore" --dry-run > /dev/full`, stderr: /^ipvsadm-restore: standard output: [^\n]+\n$/, status: INCOMPLETE },
  { script: mounted("", "mount -o remount,ro own &&", "own/rules"), stdout: `${OLD}rules\n`, stderr: SAID("own/rules"), status: INCOMPLETE },
  { script: `"$1" --bogus`, stderr: /^ipvsadm-save: [^\n]*bogus/, status: BAD_OPTION },
  { script: `"$1" -n -o`, stderr: /^ipvsadm-save: [^\n]*o/, status: BAD_OPTION, long: true },
  { script: `setpriv --reuid 65534 --regid 65534 --clear-groups "$1" -n`, stderr: /^ipvsadm-save: Can't initialize ipvs: Permission denied \(you must be root\)\nAre you sure .*\?\n$/, status: 2, long: true },
];
const FULL_DISK: ProcessCase = { script: mounted("-o size=8k", "", "own/rules"), stdout: `${OLD}rules\n`, stderr: SAID("own/rules"), status: INCOMPLETE };

async function processes(lab: Lab, report: Report): Promise<void> {
  const { programs, path } = sharedPrograms();
  writeFileSync(join(lab.folder, "old"), OLD);
  const check = async ({ script, stdout = "", stderr, status }: ProcessCase): Promise<void> => {
    const found = await lab.shell(`PATH='${path}'; ${script}`, join(programs, "ipvsadm-save"));
    report.note(`save: process: ${script}`, [
      ...expect("stdout", stdout, found.stdout),
      ...(stderr.test(found.stderr) ? [] : [`stderr is ${JSON.stringify(found.stderr)}`]),
      ...expect("the status", status, found.status),
    ]);
  };
  for (const one of FULL ? PROCESSES : share(PROCESSES.filter(({ long }) => long === undefined))) await check(one);
  await lab.become(MUCH);
  await check(FULL_DISK);
}

/** An empty table is no reason to lose a file. */
async function emptyTables(lab: Lab, report: Report): Promise<void> {
  const output = join(lab.folder, "kept");
  const content = (): string => readFileSync(output, "utf8");
  await lab.become("");
  writeFileSync(output, OLD);
  for (const all of [false, true]) {
    const { stderr, status } = await lab.save({ output, all, allowEmpty: false });
    const said = status === INCOMPLETE && stderr.startsWith(`ipvsadm-save: ${output}: `) && stderr.includes("--allow-empty");
    report.note(`save -o${all ? " --all" : ""}: an empty table over a good file`, [...(said ? [] : [JSON.stringify({ stderr, status })]), ...expect("the file", OLD, content())]);
  }
  report.note("save -o --allow-empty: an empty table over a good file", [...good(await lab.save({ output, allowEmpty: true })), ...expect("the file", "", content())]);
  report.note("save -o: an empty table over an empty file", [...good(await lab.save({ output, allowEmpty: false })), ...expect("the file", "", content())]);
  rmSync(output);
  report.note("save -o: an empty table into a new file", [...good(await lab.save({ output, allowEmpty: false })), ...expect("there", true, existsSync(output))]);
  report.note("save: an empty table", good(await lab.save(), ""));
}

/** What other programs can set up, and no option can say. */
async function inexpressible(lab: Lab, report: Report): Promise<void> {
  const at = (text: string) => ({ family: AF.INET, address: parseDottedQuad(text) ?? 0, port: 80 }) as const;
  const service: Service = { ...at("10.0.0.1"), mark: 0, protocol: IPPROTO.TCP, scheduler: "wlc", flags: 0, timeout: 0, netmask: 0xffffffff, engine: "" };
  const server: Server = { ...at("10.1.0.5"), forwarding: FWD.BYPASS, weight: 1, upper: 0, lower: 0, tunnelType: 0, tunnelPort: 0, tunnelFlags: 0 };
  await lab.become(rules("-A -t 10.0.0.1:80", "-a -t 10.0.0.1:80 -r 10.1.0.4:80 -m"));
  await lab.ipvs.change({ kind: "add-server", service, server });

  const { stdout, stderr, status } = await lab.save();
  const warned = /^ipvsadm-save: [^\n]*-t 10\.0\.0\.1:80 -r 10\.1\.0\.5:80[^\n]*\n$/.test(stderr);
  report.note("save: bypass forwarding is warned of", [...(warned ? [] : [`stderr is ${JSON.stringify(stderr)}`]), ...expect("the status", INCOMPLETE, status)]);
  report.note("save: what bypass forwarding leaves can be restored", good(await lab.restore(stdout, { mode: "test" })));
}

/** --all: also what is not in the table, as ipvsadm 1.31 reads it. */
async function settings(lab: Lab, report: Report): Promise<void> {
  await lab.become(TABLE + SETTINGS);
  const before = await lab.table();
  const saved = await lab.save({ all: true });
  report.note("save --all", good(saved, TABLE + SETTINGS));
  report.note("save: without --all, the table alone", good(await lab.save(), TABLE));

  const read = await withoutDaemons(lab, () => lab.rig.reference.run(["-R"], saved.stdout));
  report.note("save --all: ipvsadm 1.31 reads it", [...good(read), ...(await lab.rig.tableProblems())]);
  await lab.become("");
  report.note("save --all: ipvsadm-restore reads it", [...good(await lab.restore(saved.stdout)), ...tableDifferences(before, await lab.table())]);
  await lab.stopDaemons();
}

/** ipvsadm's namespace, empty. */
async function withoutDaemons(lab: Lab, then: () => Promise<Outcome>): Promise<Outcome> {
  await lab.rig.reference.run(["-R"], "--stop-daemon master\n--stop-daemon backup\n-C\n");
  return then();
}

/** A mask can be set without persistence. */
async function masks(lab: Lab, report: Report): Promise<void> {
  const masked = rules("-A -t 10.0.0.1:80 -s rr -M 255.255.255.0", "-A -t [2001:db8::1]:80 -s rr -M 64");
  await lab.become(masked);
  const before = await lab.table();
  const { stdout } = await lab.save();
  await lab.become(stdout);
  report.note("save: a mask without persistence is not forgotten", tableDifferences(before, await lab.table()));
}

/** 1.31's order goes round in circles: 10 before 100 before 192 before 10. The saved bytes must not hang on the kernel's. */
async function order(lab: Lab, report: Report): Promise<void> {
  const some = ["10.0.0.1", "100.64.0.1", "192.0.2.1"];
  const kinds: Readonly<Record<string, readonly string[]>> = {
    services: some.map((address) => `-A -t ${address}:80`),
    servers: some.map((address) => `-a -f 1 -r ${address}:80 -m`),
    marks: [100, 1_500_000_000, 3_000_000_000].map((mark) => `-A -f ${mark}`),
  };
  for (const [name, lines] of Object.entries(kinds)) {
    const texts = new Set<string>();
    for (const permuted of permutations(lines)) {
      await lab.become(rules(...(name === "servers" ? ["-A -f 1"] : []), ...permuted));
      texts.add((await lab.save()).stdout);
    }
    report.note(`save: ${name} in one order, whatever the kernel's is`, [...texts].slice(1, 2).flatMap((text) => textDifferences([...texts][0] ?? "", text)));
  }
}

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0 ? [[]] : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
