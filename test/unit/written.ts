import { Page } from "../../src/views/page";

/** What is written on a page, as text. */
export function written(write: (page: Page) => void): string {
  const pieces: Buffer[] = [];
  const page = new Page((bytes) => pieces.push(Buffer.from(bytes)));
  write(page);
  page.flush();
  return Buffer.concat(pieces).toString();
}
