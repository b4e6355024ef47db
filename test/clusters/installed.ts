/**
 * Debian's daemons as if one machine had them installed. All machines of a cluster have the lab's one file tree, where
 * they are not: so a daemon gets a view of its own (a mount namespace), with the daemons' packages laid over /usr and
 * /etc, this machine's own files over those, and a /run of its own. Daemons that talk to each other share one.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Machine, Service, Words } from "./cluster";
import type { Story } from "./story";

/** Where the lab has the packages: test/lab/packages unpacks them. */
const PACKAGES = "/run/daemons";

/** $0 is the folder of the machine's own files, the rest is the command. */
const LAID_OVER = `
for folder in usr etc; do
  mount -t overlay daemons -o "lowerdir=$0/$folder:${PACKAGES}/$folder:/$folder" "/$folder" || exit
done
mount -t tmpfs run /run && exec "$@"`;

/** The same for a tree that is a Debian of its own, $1, to which the program's root is changed. */
const ROOT_CHANGED = `
mount -t overlay daemons -o "lowerdir=$0/etc:$1/etc" "$1/etc" || exit
for folder in proc dev sys; do mount --rbind "/$folder" "$1/$folder" || exit; done
mount -t tmpfs var "$1/var" && mount -t tmpfs run "$1/run" && shift && exec "$@"`;

/** What installing a package adds to the files of the machine that has it: a line each. */
const added = (path: string, lines: readonly string[]): string => `${readFileSync(path, "utf8")}${lines.join("\n")}\n`;

export class Installed {
  /** In the lab's own /tmp, which goes away with the kernel. */
  readonly folder = mkdtempSync(join(tmpdir(), "installed-"));

  constructor(
    private readonly story: Story,
    private readonly machine: Machine,
    /** A tree of another Debian; without one, the daemons of this. */
    private readonly tree = "",
  ) {
    for (const name of ["usr", "etc"]) mkdirSync(join(this.folder, name));
  }

  /** A file of the machine, under /usr or /etc; before the daemon starts. */
  put(path: string, text: string, mode = 0o644): void {
    const place = join(this.folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text, { mode });
  }

  /** The same, shown. */
  configure(path: string, text: string): void {
    this.put(path, text);
    this.story.file(this.machine, path, text);
  }

  /** Users and groups that the package makes as it is installed: lines of /etc/passwd and /etc/group. */
  putUsers(users: readonly string[], groups: readonly string[]): void {
    this.put("/etc/passwd", added("/etc/passwd", users));
    this.put("/etc/group", added("/etc/group", groups));
  }

  start(...words: Words): Service {
    return this.story.start(this.machine, words, this.#laidOver(words));
  }

  /** A view in which several programs run. */
  async share(): Promise<SharedView> {
    const holder = this.machine.start(this.#laidOver(["sleep", "infinity"]));
    await holder.until("ready", (pid) => readFileSync(`/proc/${pid}/comm`, "latin1") === "sleep\n");
    return new SharedView(this.story, this.machine, `/proc/${holder.pid}/ns/mnt`, this.tree);
  }

  #laidOver(words: Words): Words {
    const script = this.tree === "" ? [LAID_OVER, this.folder] : [ROOT_CHANGED, this.folder, this.tree];
    return ["unshare", "--mount", "--", "sh", "-c", ...script, ...words];
  }
}

/** What a machine has installed, as programs see it that find each other below its /run. It goes when the machine does. */
export class SharedView {
  constructor(
    private readonly story: Story,
    private readonly machine: Machine,
    private readonly namespace: string,
    /** Where its files are for run(): the tree that programs have as their root. */
    readonly root: string,
  ) {}

  start(...words: Words): Service {
    return this.story.start(this.machine, words, this.#inside(this.#rooted(words)));
  }

  command(...words: Words): Promise<string> {
    return this.story.commandThrough(this.machine, words, this.#inside(this.#rooted(words)));
  }

  /** Unseen: for waiting, and for what is no part of the story. It must succeed. */
  run(...words: Words): Promise<string> {
    return this.machine.run(this.#inside(words));
  }

  #rooted(words: Words): Words {
    return this.root === "" ? words : ["chroot", this.root, ...words];
  }

  #inside(words: Words): Words {
    return ["nsenter", `--mount=${this.namespace}`, "--", ...words];
  }
}
