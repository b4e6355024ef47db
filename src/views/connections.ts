import { compileLightly } from "#compiler";
import { CODE } from "../character-codes";
import type { ConnectionEndpoint, ConnectionReader, Word } from "../ipvs/connections";
import { protocolOf } from "../ipvs/proc-table";
import { readBE32 } from "../netlink/bytes";
import { type Naming, numericNaming } from "./naming";
import { type Page, writeDecimal } from "./page";

/** How wide the columns are, but for the last. */
const PROTOCOL_WIDTH = 3;
const EXPIRES_WIDTH = 6;
const STATE_WIDTH = 11;
const ENDPOINT_WIDTH = 18;
/** Where the persistence engine follows the server. */
const SERVER_WIDTH = 16;
const ENGINE_WIDTH = 18;

export const connectionHeading = (engines: boolean): string =>
  "IPVS connection entries\n" +
  "pro expire state       source             virtual            destination" +
  (engines ? "        pe name          pe_data\n" : "\n");

/** What a line may have beside its words, in bytes: blanks, the time, and three endpoints. */
const ROOM = 256;

/** Writes the entry that was read last. `engines` shows what the persistence engine knows. */
export function writeConnection(page: Page, { bytes, entry }: ConnectionReader, engines: boolean, naming: Naming): void {
  const { protocol, client, virtual, server, expires, state, engine, engineData } = entry;
  const number = naming === numericNaming ? 0 : (protocolOf(readBE32(bytes, protocol.start)) ?? 0);
  const withEngine = engines && engine.end > engine.start;
  const start = page.room(engineData.end - protocol.start + ROOM);
  let at = copyWord(bytes, protocol, page.bytes, start, PROTOCOL_WIDTH) + 1;
  at = writeTime(expires, page.bytes, at) + 1;
  page.length = copyWord(bytes, state, page.bytes, at, STATE_WIDTH) + 1;
  writeEndpoint(page, client, number, naming, ENDPOINT_WIDTH);
  page.byte(CODE.BLANK);
  writeEndpoint(page, virtual, number, naming, ENDPOINT_WIDTH);
  page.byte(CODE.BLANK);
  writeEndpoint(page, server, number, naming, withEngine ? SERVER_WIDTH : 0);
  if (withEngine) {
    const start = page.room(engineData.end - engine.start + ROOM) + 1;
    at = copyWord(bytes, engine, page.bytes, start, ENGINE_WIDTH) + 1;
    page.length = copyWord(bytes, engineData, page.bytes, at, 0);
  }
  page.endLine();
}

/** Copies a word into a column, where blanks are; returns where the column ends. */
function copyWord(from: Uint8Array, { start, end }: Word, to: Uint8Array, at: number, width: number): number {
  const column = at + width;
  for (let index = start; index < end; index++) to[at++] = from[index]!;
  return at < column ? column : at;
}

/** Minutes and seconds in their column; returns where it ends. */
function writeTime(expires: number, to: Uint8Array, at: number): number {
  const column = at + EXPIRES_WIDTH;
  const seconds = expires % 60;
  const minutes = (expires - seconds) / 60;
  if (minutes < 10) to[at++] = CODE.ZERO;
  at = writeDecimal(minutes, to, at);
  to[at++] = CODE.COLON;
  if (seconds < 10) to[at++] = CODE.ZERO;
  at = writeDecimal(seconds, to, at);
  return at < column ? column : at;
}

function writeEndpoint(page: Page, { family, address, port }: ConnectionEndpoint, protocol: number, naming: Naming, width: number): void {
  const end = page.length + width;
  if (naming === numericNaming) page.endpoint(address, port);
  else page.text(naming.endpoint(family, address, port, protocol));
  page.fill(end);
}

compileLightly(writeConnection, copyWord, writeTime, writeEndpoint);
