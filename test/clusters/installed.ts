/**
 * Debian's daemons as if one machine had them installed. All machines of a cluster have the lab's one file tree, where
 * they are not: so a daemon gets a view of its own (a mount namespace), with the daemons' packages laid over /usr and
 * /etc, this machine's own files over those, and a /run of its own.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
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

export class Installed {
  /** In the lab's own /tmp, which goes away with the kernel. */
  readonly folder = mkdtempSync(join(tmpdir(), "installed-"));

  constructor(
    private readonly story: Story,
    private readonly machine: Machine,
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

  start(...words: Words): Service {
    return this.story.start(this.machine, words, ["unshare", "--mount", "--", "sh", "-c", LAID_OVER, this.folder, ...words]);
  }
}
