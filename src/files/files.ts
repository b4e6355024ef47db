/** The few calls by which a command reads and writes, each done before it returns. */
export interface Files {
  /** For reading. These throw an error with errno's name in `code`. */
  open(path: string): number;
  /** How many bytes were read; 0 at the end. */
  read(descriptor: number, into: Buffer): number;
  /** How many of the bytes from `at` on were written. */
  write(descriptor: number, bytes: Buffer, at: number): number;
  close(descriptor: number): void;
  /** All of a file, in UTF-8. */
  text(path: string): string;
}
