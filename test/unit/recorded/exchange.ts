/** What strace saw of one request: the datagram that ipvsadm sent, and those that the kernel answered with. */
export interface Exchange {
  readonly request: Buffer;
  readonly replies: readonly Buffer[];
}

/** A command line of ipvsadm 1.31, what it printed, and its exchanges after it had found the family and the version. */
export interface Run {
  readonly command: string;
  readonly output: string;
  readonly exchanges: readonly Exchange[];
}

/** One kernel's answers to one series of command lines. */
export interface Recording {
  readonly kernel: string;
  readonly family: Exchange;
  readonly info: Exchange;
  readonly runs: readonly Run[];
}

/** Bytes, two hexadecimal digits each; white space is for the eye. */
export const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ""), "hex");

/** One kernel's answers to `playRoute` and `playFou`. */
export interface RouteRecording {
  readonly kernel: string;
  /** The number of the family "fou". */
  readonly family: number;
  readonly route: readonly Exchange[];
  readonly fou: readonly Exchange[];
}
