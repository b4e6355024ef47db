import { chmodSync, chownSync, closeSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The mode of a file that was not there, less what the umask takes away. */
const NEW_FILE_MODE = 0o666;

/**
 * Puts a text in the place of a file, whole or not at all: a temporary file
 * in the same folder, brought to the disk, takes its name; the old one's mode
 * and owner are kept. Returns false, with the file as it was, where an empty
 * text is not allowed to replace one that says something. Throws what the
 * system says otherwise.
 */
export function replaceFile(path: string, text: string, { allowEmpty }: { allowEmpty: boolean }): boolean {
  const target = realpathOf(path);
  const old = statSync(target, { throwIfNoEntry: false });
  // A terminal or a pipe cannot be replaced.
  if (old !== undefined && !old.isFile()) {
    const descriptor = openSync(target, "w");
    try {
      writeAll(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    return true;
  }
  if (!allowEmpty && old !== undefined && readFileSync(target, "utf8").trim() !== "") return false;
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    const descriptor = openSync(temporary, "wx", NEW_FILE_MODE);
    try {
      writeAll(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (old !== undefined) {
      chownSync(temporary, old.uid, old.gid);
      chmodSync(temporary, old.mode & 0o7777);
    }
    renameSync(temporary, target);
    syncFolder(dirname(target));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return true;
}

/** Where a link leads, so that it is what it names that is replaced. */
function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}

/** The new name is on the disk, too. */
function syncFolder(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
