/** How far a long work is, on a terminal: after a second, ten times a second, on one line that goes away. */
const PATIENCE = 1_000;
const INTERVAL = 100;
const CLEAR_LINE = "\r\x1b[K";

export class Progress {
  private readonly start = Date.now();
  private last = 0;
  private shown = false;

  constructor(private readonly write: ((text: string) => void) | undefined) {}

  /** "reading the table: 5000 services". */
  show(what: string, count: number, unit: string): void {
    if (this.write === undefined) return;
    const now = Date.now();
    if (now - this.start < PATIENCE || now - this.last < INTERVAL) return;
    this.last = now;
    this.shown = true;
    this.write(`${CLEAR_LINE}${what}: ${count} ${unit}`);
  }

  clear(): void {
    if (this.shown) this.write?.(CLEAR_LINE);
    this.shown = false;
  }
}
