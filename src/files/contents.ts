import { files } from "#files";

/** A guess of a file's size, in bytes. */
const ROOM = 65_536;

/**
 * All of a file, and what throws as Files do. One buffer that grows takes it:
 * a file of /proc does not tell its size, and hands out a page a read. Where
 * `room`, in bytes and at least 1, was a good guess, it need not grow.
 */
export function contents(path: string, room = ROOM): Uint8Array {
  const descriptor = files.open(path);
  try {
    let bytes = new Uint8Array(room);
    for (let length = 0; ; ) {
      const more = files.read(descriptor, bytes, length);
      if (more === 0) return bytes.subarray(0, length);
      length += more;
      if (length === bytes.length) bytes = larger(bytes);
    }
  } finally {
    files.close(descriptor);
  }
}

function larger(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const twice = new Uint8Array(2 * bytes.length);
  twice.set(bytes);
  return twice;
}
