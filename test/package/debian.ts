/** A minimal Debian in a folder, of this machine's own mirror: debootstrap's, and whatever apt installs in it. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const SUITE = "bookworm";
/** To boot it, and to read its manual. */
const INCLUDED = ["systemd-sysv", "man-db"];

/** Nothing starts in a folder: the kernel would be this machine's own. */
const POLICY = "usr/sbin/policy-rc.d";

/** $0 is the folder; its mounts are gone with the command. */
const CHROOT = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';

const ENVIRONMENT = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive", MANWIDTH: "80" };

/** What a command printed; throws where it failed, with its last words. Others share this machine: they come first. */
export function must(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const { error, status, stdout, stderr } = spawnSync("nice", ["-n", "10", program, ...args], {
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  if (status === 0) return stdout;
  const words = (stderr.trim() || stdout.trim()).split("\n").slice(-6).join("\n    ");
  throw new Error(`${program} ${args.join(" ")}: status ${status}\n    ${words}`);
}

/** The mirror that apt has Debian's main archive from. */
function mirror(): string {
  const sites = (): string[] => must("apt-get", ["indextargets", "--format", "$(SITE)", "Created-By: Packages", "Origin: Debian", "Label: Debian"]).split("\n");
  let [site = ""] = sites();
  if (site === "") {
    must("apt-get", ["update"]);
    [site = ""] = sites();
  }
  if (site === "") throw new Error("apt has no source of Debian's main archive");
  return site;
}

/** The value of one of apt's options, or "". */
const option = (name: string): string => /^\S+ "(.*)";$/m.exec(must("apt-config", ["dump", name]))?.[1] ?? "";

export class Debian {
  private constructor(readonly root: string) {}

  static bootstrap(root: string): Debian {
    mkdirSync(root);
    const site = mirror();
    const proxy = option("Acquire::http::Proxy");
    const include = [...INCLUDED, ...(site.startsWith("https:") ? ["ca-certificates"] : [])];
    const debootstrap = ["debootstrap", "--variant=minbase", `--include=${include.join(",")}`, SUITE, root, site];
    must("unshare", ["--mount", ...debootstrap], { ...process.env, ...(proxy === "" ? {} : { http_proxy: proxy }) });
    writeFileSync(join(root, "etc/apt/apt.conf.d/90machine"), must("apt-config", ["dump", "Acquire"]));
    writeFileSync(join(root, POLICY), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
    const debian = new Debian(root);
    debian.must("apt-get", "update");
    return debian;
  }

  copy(root: string): Debian {
    must("cp", ["-a", this.root, root]);
    return new Debian(root);
  }

  must(...words: string[]): string {
    return must("unshare", ["--mount", "sh", "-c", CHROOT, this.root, ...words], ENVIRONMENT);
  }

  apt(...words: string[]): string {
    return this.must("apt-get", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", ...words);
  }

  /** What dpkg has of packages: "installed", "config-files"; "" where there is nothing. */
  states(...names: string[]): string[] {
    const listed = new Map(
      this.must("dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n")
        .split("\n")
        .map((line) => line.split(" ") as [string, string]),
    );
    return names.map((name) => listed.get(name) ?? "");
  }

  /** From now on what its packages start is started. */
  startsServices(): void {
    rmSync(join(this.root, POLICY));
  }

  put(from: string, to: string): void {
    cpSync(from, join(this.root, to));
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.root, path), text);
  }
}

/** Where other systems are mounted. */
const MOUNTED = /^\/(?:proc|sys|dev|run|tmp|usr\/lib\/modules)$/;

/** All files and folders of a tree, by their paths in it. */
export function treeOf(root: string, below = ""): string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = `${below}/${entry.name}`;
    if (MOUNTED.test(path)) return [];
    return entry.isDirectory() ? [path, ...treeOf(root, path)] : [path];
  });
}

/** What dpkg knows of, by the paths that the files have where /bin is /usr/bin. */
export function owned(root: string): Set<string> {
  const info = join(root, "var/lib/dpkg/info");
  const lists = readdirSync(info).filter((name) => name.endsWith(".list"));
  const paths = lists.flatMap((name) => readFileSync(join(info, name), "utf8").split("\n"));
  return new Set(paths.map((path) => path.replace(/^\/(?=(?:bin|sbin|lib|lib64)\/)/, "/usr/")));
}
