/** In UTF-8. Not by `Buffer.from`, whose first call by Bun takes twelve pages more (test/bench/README.md). */
export function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
