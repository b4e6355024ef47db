/** The few calls by which a command reads and writes, each done before it returns. */
export interface Files {
  /** For reading. These throw an error with errno's number in `errno`, negative, as Node's have it. */
  open(path: string): number;
  /** How many bytes were read, and put there from `at` on, which is before the buffer's end; 0 at the file's. */
  read(descriptor: number, into: Uint8Array, at: number): number;
  /** How many of the bytes from `at` on, of which there are some, were written. */
  write(descriptor: number, bytes: Uint8Array, at: number): number;
  close(descriptor: number): void;
}
