/**
 * A machine that boots: the systemd of a file tree, in namespaces of its own within the lab's kernel. What it writes to
 * its disk lies in memory and outlives a reboot; the tree stays as it is.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export type Words = readonly [program: string, ...args: string[]];

const NAME = "machine";
export const ROOT = `/run/${NAME}`;
const OVERLAY = "/run/overlay";
export const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";
const PATIENCE = 600_000;
/** All that runs is stopped in it, in an emulated kernel. */
const SHUTDOWN_PATIENCE = 900_000;

/** What a booting system mounts; each within the machine's own mount namespace. */
const MOUNTS = [
  `mount -t proc proc ${ROOT}/proc`,
  `mount -t sysfs sysfs ${ROOT}/sys`,
  `mount -t cgroup2 cgroup2 ${ROOT}/sys/fs/cgroup`,
  `mount -t tmpfs -o mode=755 tmpfs ${ROOT}/run`,
  `mount -t tmpfs -o mode=1777 tmpfs ${ROOT}/tmp`,
  `mount --rbind /dev ${ROOT}/dev`,
];

const SYSTEMD = { container: "lab", PATH, SYSTEMD_LOG_TARGET: "console" };

export const run = (...[program, ...args]: Words): void => {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
};

const IPVSADM = "/sbin/ipvsadm";

/** For a command of the lab, in the machine's network. */
const WITHIN = ["nsenter", `--net=/run/netns/${NAME}`] as const;

export class Booted {
  #systemd: ChildProcess | undefined;
  #pid = 0;

  /** It is not booted yet. `environment` is systemd's, besides what it needs. */
  constructor(
    tree: string,
    private readonly environment: Readonly<Record<string, string>> = {},
  ) {
    // Modules in user-mode Linux, one or the other built in elsewhere.
    spawnSync("modprobe", ["-aq", "overlay", "ipv6"]);
    mkdirSync(OVERLAY);
    run("mount", "-t", "tmpfs", "tmpfs", OVERLAY);
    for (const folder of [`${OVERLAY}/upper`, `${OVERLAY}/work`, ROOT]) mkdirSync(folder);
    run("mount", "-t", "overlay", "-o", `lowerdir=${tree},upperdir=${OVERLAY}/upper,workdir=${OVERLAY}/work`, NAME, ROOT);
    // The overlay is of the tree alone: what is mounted on it has to be mounted again.
    this.bind("/lib/modules", "/lib/modules");
  }

  /** What the lab has at one place is at another of the machine. */
  bind(from: string, to: string): void {
    mkdirSync(join(ROOT, to), { recursive: true });
    run("mount", "--rbind", from, join(ROOT, to));
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

  /** A file as the machine sees it once it has booted: below /run, too. */
  seen(path: string): string {
    return `/proc/${this.#pid}/root${path}`;
  }

  /** With an eth0 of its own and nothing in IPVS. Returns when all units have started or failed. */
  async boot(): Promise<void> {
    run("ip", "netns", "add", NAME);
    const words = ["link set lo up multicast on", "link add eth0 type dummy", "addr add 10.99.0.1/24 dev eth0"];
    const more = ["addr add 2001:db8:99::1/64 dev eth0 nodad", "link set eth0 up", "route add 224.0.0.0/4 dev eth0"];
    execFileSync("ip", ["-n", NAME, "-batch", "-"], { input: [...words, ...more].map((line) => `${line}\n`).join("") });
    const environment = Object.entries({ ...SYSTEMD, ...this.environment }).map(([name, value]) => `${name}=${value}`);
    const init = `${MOUNTS.join(" && ")} && exec chroot ${ROOT} env -i ${environment.join(" ")} /lib/systemd/systemd`;
    const unshare = ["unshare", "--pid", "--fork", "--kill-child", "--mount", "--cgroup", "--uts", "--ipc", "sh", "-c", init];
    const [nsenter, ...net] = WITHIN;
    const systemd = spawn(nsenter, [...net, ...unshare], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    systemd.stderr.on("data", (text: Buffer) => (said += text.toString()));
    this.#systemd = systemd;
    for (const deadline = Date.now() + PATIENCE; ; await pause(50)) {
      if (systemd.exitCode !== null) throw new Error(`systemd ended: ${said}`);
      if (Date.now() > deadline) throw new Error(`systemd did not boot: ${said}`);
      // nsenter becomes unshare, whose child becomes systemd.
      this.#pid = Number(readFileSync(`/proc/${systemd.pid}/task/${systemd.pid}/children`, "utf8"));
      if (this.#pid > 0 && existsSync(this.seen("/run/systemd/private"))) break;
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

  /** Runs one of the lab's own programs, in the machine's network. */
  within(words: Words, input = ""): string {
    const [nsenter, ...net] = WITHIN;
    return execFileSync(nsenter, [...net, ...words], { input, encoding: "utf8", stdio: ["pipe", "pipe", "inherit"] });
  }

  /** The kernel's table as Debian's ipvsadm saves it, sorted: the kernel's order of services is its own. */
  table(): string[] {
    return this.#listed("-Sn");
  }

  /** The synchronisation daemons that run, as Debian's ipvsadm lists them. */
  daemons(): string[] {
    return this.#listed("-L", "--daemon");
  }

  #listed(...words: string[]): string[] {
    if (!existsSync("/proc/net/ip_vs")) return [];
    return this.within([IPVSADM, ...words]).split("\n").filter((line) => line !== "").sort();
  }

  /** Carries out rules, by Debian's ipvsadm. */
  change(rules: string): void {
    this.within([IPVSADM, "-R"], rules);
  }
}
