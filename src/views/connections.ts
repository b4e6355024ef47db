import { compileLightly } from "#compiler";
import { CODE } from "../character-codes";
import type { ConnectionEndpoint, ConnectionReader, Word } from "../ipvs/connections";
import { protocolOf } from "../ipvs/proc-table";
import { readBE32 } from "../netlink/bytes";
import { type Naming, numericNaming } from "./naming";
import { LONGEST_ENDPOINT, type Page, writeDecimal, writeEndpoint } from "./page";

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
const ROOM = 64 + 3 * LONGEST_ENDPOINT;

/** Writes the entry that was read last. `engines` shows what the persistence engine knows. */
export function writeConnection(page: Page, { bytes, entry }: ConnectionReader, engines: boolean, naming: Naming): void {
  const { protocol, client, virtual, server, expires, state, engine, engineData } = entry;
  const withEngine = engines && engine.end > engine.start;
  const serverWidth = withEngine ? SERVER_WIDTH : 0;
  const start = page.room(engineData.end - protocol.start + ROOM);
  const to = page.bytes;
  let at = copyWord(bytes, protocol, to, start, PROTOCOL_WIDTH) + 1;
  at = writeTime(expires, to, at) + 1;
  at = copyWord(bytes, state, to, at, STATE_WIDTH) + 1;
  if (naming === numericNaming) {
    at = writeNumbers(client, to, at, ENDPOINT_WIDTH) + 1;
    at = writeNumbers(virtual, to, at, ENDPOINT_WIDTH) + 1;
    page.length = writeNumbers(server, to, at, serverWidth);
  } else {
    page.length = at;
    const number = protocolOf(readBE32(bytes, protocol.start)) ?? 0;
    for (const [{ family, address, port }, width] of [[client, ENDPOINT_WIDTH], [virtual, ENDPOINT_WIDTH]] as const) {
      page.textColumn(naming.endpoint(family, address, port, number), width);
      page.byte(CODE.BLANK);
    }
    page.textColumn(naming.endpoint(server.family, server.address, server.port, number), serverWidth);
  }
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

/** An address and a port in their column; returns where it ends. */
function writeNumbers({ address, port }: ConnectionEndpoint, to: Uint8Array, at: number, width: number): number {
  const end = writeEndpoint(address, port, to, at);
  return end < at + width ? at + width : end;
}

compileLightly(writeConnection, copyWord, writeTime, writeNumbers);
