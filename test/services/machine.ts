/**
 * A machine that boots: Debian's systemd over this machine's file tree, in namespaces of its own within the lab's
 * kernel. What it writes to its disk lies in memory and outlives a reboot; this machine's files stay as they are. The
 * package lies where `npm install -g` puts it, and of the units of the system only targets and slices are there.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export type Words = readonly [program: string, ...args: string[]];

const NAME = "machine";
const ROOT = `/run/${NAME}`;
const OVERLAY = "/run/overlay";
const PACKAGE = "/usr/local/lib/node_modules/ipvsadm";
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";
const UNITS = "/etc/systemd/system";
/** Those of Debian that only order others, and the one that ends it all. */
const TARGETS = "/usr/local/lib/targets";
/** What the units say, in the place of the journal. */
const LOG = "/run/services.log";
const PATIENCE = 60_000;
/** All that runs is stopped in it, in an emulated kernel. */
const SHUTDOWN_PATIENCE = 300_000;

/** What this machine may have of ipvsadm's files, or another test have left. */
const CONFIGURATION = ["/etc/sysconfig", "/etc/default/ipvsadm", "/etc/ipvsadm.rules", "/etc/init.d/ipvsadm", "/etc/lvs"];

/** What a booting system mounts; each within the machine's own mount namespace. */
const MOUNTS = [
  `mount -t proc proc ${ROOT}/proc`,
  `mount -t sysfs sysfs ${ROOT}/sys`,
  `mount -t cgroup2 cgroup2 ${ROOT}/sys/fs/cgroup`,
  `mount -t tmpfs -o mode=755 tmpfs ${ROOT}/run`,
  `mount -t tmpfs -o mode=1777 tmpfs ${ROOT}/tmp`,
  `mount --rbind /dev ${ROOT}/dev`,
];

const SYSTEMD = {
  container: "lab",
  PATH,
  SYSTEMD_UNIT_PATH: `${UNITS}:${TARGETS}`,
  SYSTEMD_GENERATOR_PATH: "/nowhere",
  SYSTEMD_LOG_TARGET: "console",
};

const run = (...[program, ...args]: Words): void => {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
};

const BINS = z.object({ bin: z.record(z.string(), z.string()) });

export class Machine {
  #systemd: ChildProcess | undefined;
  #pid = 0;

  /** Installs it; it is not booted yet. The working folder is the package's. */
  constructor() {
    // Modules in user-mode Linux, one or the other built in elsewhere.
    spawnSync("modprobe", ["-aq", "overlay", "ipv6"]);
    mkdirSync(OVERLAY);
    run("mount", "-t", "tmpfs", "tmpfs", OVERLAY);
    for (const folder of [`${OVERLAY}/upper`, `${OVERLAY}/work`, ROOT]) mkdirSync(folder);
    run("mount", "-t", "overlay", "-o", `lowerdir=/,upperdir=${OVERLAY}/upper,workdir=${OVERLAY}/work`, NAME, ROOT);
    for (const path of [...CONFIGURATION, UNITS, TARGETS, PACKAGE]) this.remove(path);
    // The overlay is of the root alone: what is mounted on it has to be mounted again.
    this.#bind("/lib/modules", "/lib/modules");
    this.#bind(process.cwd(), PACKAGE);
    this.write("/usr/local/bin/node", "");
    run("mount", "--bind", process.execPath, join(ROOT, "/usr/local/bin/node"));
    for (const [name, path] of Object.entries(BINS.parse(JSON.parse(readFileSync("package.json", "utf8"))).bin)) {
      this.link(join(PACKAGE, path), `/usr/local/bin/${name}`);
    }
    this.#targets();
    this.write(`${UNITS}/service.d/log.conf`, `[Service]\nStandardOutput=append:${LOG}\nStandardError=append:${LOG}\n`);
  }

  #bind(from: string, to: string): void {
    mkdirSync(join(ROOT, to), { recursive: true });
    run("mount", "--rbind", from, join(ROOT, to));
  }

  #targets(): void {
    const debian = "/usr/lib/systemd/system";
    const names = readdirSync(debian).filter((name) => /\.(target|slice)$|^systemd-poweroff/.test(name));
    if (names.length === 0) throw new Error(`no systemd in ${debian}: apt-get install systemd`);
    for (const name of names) this.link(join(debian, name), join(TARGETS, name));
    this.link("multi-user.target", join(TARGETS, "default.target"));
  }

  /** A file of the machine, its folder included. */
  write(path: string, text: string): void {
    mkdirSync(join(ROOT, dirname(path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }

  /** Undefined where there is none. */
  read(path: string): string | undefined {
    return existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), "utf8") : undefined;
  }

  remove(path: string): void {
    rmSync(join(ROOT, path), { recursive: true, force: true });
  }

  link(to: string, path: string): void {
    this.remove(path);
    mkdirSync(join(ROOT, dirname(path)), { recursive: true });
    symlinkSync(to, join(ROOT, path));
  }

  /** Puts a file of the package's folder system/ where the README says. */
  install(file: string, path: string, mode = "644"): void {
    run("install", "-D", "-m", mode, join("system", file), join(ROOT, path));
  }

  installUnit(file: string): void {
    this.install(file, join(UNITS, basename(file)));
  }

  /** With an eth0 of its own and nothing in IPVS. Returns when all units have started or failed. */
  async boot(): Promise<void> {
    run("ip", "netns", "add", NAME);
    const words = ["link set lo up multicast on", "link add eth0 type dummy", "addr add 10.99.0.1/24 dev eth0"];
    const more = ["addr add 2001:db8:99::1/64 dev eth0 nodad", "link set eth0 up", "route add 224.0.0.0/4 dev eth0"];
    execFileSync("ip", ["-n", NAME, "-batch", "-"], { input: [...words, ...more].map((line) => `${line}\n`).join("") });
    const environment = Object.entries(SYSTEMD).map(([name, value]) => `${name}=${value}`);
    const init = `${MOUNTS.join(" && ")} && exec chroot ${ROOT} env -i ${environment.join(" ")} /lib/systemd/systemd`;
    const unshare = ["unshare", "--pid", "--fork", "--kill-child", "--mount", "--cgroup", "--uts", "--ipc", "sh", "-c", init];
    const systemd = spawn("nsenter", [`--net=/run/netns/${NAME}`, ...unshare], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    systemd.stderr.on("data", (text: Buffer) => (said += text.toString()));
    this.#systemd = systemd;
    for (const deadline = Date.now() + PATIENCE; ; await pause(50)) {
      if (systemd.exitCode !== null) throw new Error(`systemd ended: ${said}`);
      if (Date.now() > deadline) throw new Error(`systemd did not boot: ${said}`);
      // nsenter becomes unshare, whose child becomes systemd.
      this.#pid = Number(readFileSync(`/proc/${systemd.pid}/task/${systemd.pid}/children`, "utf8"));
      if (this.#pid > 0 && existsSync(`/proc/${this.#pid}/root/run/systemd/private`)) break;
    }
    this.run("systemctl", "is-system-running", "--wait");
  }

  /** As `systemctl poweroff` does it: every unit is stopped. */
  async shutDown(): Promise<void> {
    const systemd = this.#systemd;
    if (systemd === undefined) return;
    const gone = new Promise((resolve) => systemd.once("exit", resolve));
    this.run("systemctl", "poweroff");
    // A namespace that powers off ends its process 1 by a signal: that says nothing.
    let late = false;
    const impatient = setTimeout(() => {
      late = true;
      systemd.kill("SIGKILL");
    }, SHUTDOWN_PATIENCE);
    await gone;
    this.#systemd = undefined;
    clearTimeout(impatient);
    if (late) throw new Error(`systemd did not power off within ${SHUTDOWN_PATIENCE / 1000} s`);
    run("ip", "netns", "del", NAME);
  }

  /** Runs a program on the machine to its end. */
  run(...words: Words): Outcome {
    const namespaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd"];
    const { error, stdout, stderr, status } = spawnSync("nsenter", ["--target", String(this.#pid), ...namespaces, ...words], {
      encoding: "utf8",
      env: { PATH },
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (error !== undefined) throw error;
    return { stdout, stderr, status: status ?? 128 };
  }

  /** The same, of a program that must succeed. */
  must(...words: Words): string {
    const { stdout, stderr, status } = this.run(...words);
    if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr || stdout || `status ${status}`}`);
    return stdout;
  }

  /** The kernel's table as Debian's ipvsadm saves it, sorted: the kernel's order of services is its own. */
  table(): string[] {
    if (!existsSync("/proc/net/ip_vs")) return [];
    return this.must("/sbin/ipvsadm", "-Sn").split("\n").filter((line) => line !== "").sort();
  }

  /** The synchronisation daemons that run, as Debian's ipvsadm lists them. */
  daemons(): string[] {
    if (!existsSync("/proc/net/ip_vs")) return [];
    return this.must("/sbin/ipvsadm", "-L", "--daemon").split("\n").filter((line) => line !== "").sort();
  }

  /** Carries out rules, by Debian's ipvsadm. */
  change(rules: string): void {
    execFileSync("nsenter", [`--net=/run/netns/${NAME}`, "ipvsadm", "-R"], { input: rules, stdio: ["pipe", "inherit", "inherit"] });
  }

  /** What the units have said since it was asked last. */
  log(): string {
    const path = `/proc/${this.#pid}/root${LOG}`;
    if (!existsSync(path)) return "";
    const text = readFileSync(path, "utf8");
    writeFileSync(path, "");
    return text;
  }
}
