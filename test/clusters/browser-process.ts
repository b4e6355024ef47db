/**
 * The process of a Browser: a JSON array of orders a line, answered with a line, a JSON array of what came of each, in
 * order. One process for all connections, for starting one is what costs in user-mode Linux.
 */
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Order, Outcome } from "./browser";

/** Seconds until a request is given up. A busy machine takes its time; an address that nobody has takes for ever. */
const PATIENCE = Number(process.argv[2]) * 1000;

const open = new Map<number, Socket>();

const request = (socket: Socket): Promise<Outcome> =>
  new Promise((resolve) => {
    let received = "";
    const done = (outcome: Outcome): void => {
      socket.removeAllListeners().setTimeout(0).on("error", () => undefined);
      resolve(outcome);
    };
    const lost = (problem: string): void => {
      socket.destroy();
      done({ answer: "", problem });
    };
    socket.setTimeout(PATIENCE, () => lost("no answer"));
    socket.on("error", (error) => lost("code" in error ? String(error.code) : error.message));
    socket.on("close", () => lost("closed"));
    socket.on("data", (data) => {
      received += data.toString("latin1");
      const [, length, page = ""] = /^HTTP\/1\.1 200 [^]*?\r\ncontent-length: (\d+)\r\n(?:[^]*?\r\n)?\r\n([^]*)$/i.exec(received) ?? [];
      if (length !== undefined && page.length >= Number(length)) done({ answer: page.trim() });
    });
    socket.write("GET / HTTP/1.1\r\nHost: lab\r\n\r\n");
  });

/** Both sides have closed when it returns, and so the director has seen it. */
const close = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) return resolve();
    socket.on("close", () => resolve()).resume().end();
  });

const carryOut = async (order: Order): Promise<Outcome> => {
  if ("open" in order) {
    const { open: id, to, from, fromPort } = order;
    const socket = connect({
      host: to.address,
      port: to.port,
      noDelay: true,
      ...(from === undefined ? {} : { localAddress: from }),
      ...(fromPort === undefined ? {} : { localPort: fromPort }),
    });
    open.set(id, socket);
    return request(socket);
  }
  if ("again" in order) {
    const socket = open.get(order.again);
    return socket === undefined || socket.destroyed ? { answer: "", problem: "closed" } : request(socket);
  }
  const socket = open.get(order.close);
  open.delete(order.close);
  if (socket !== undefined) await close(socket);
  return { answer: "" };
};

const main = async (): Promise<void> => {
  for await (const line of createInterface(process.stdin)) {
    const orders: readonly Order[] = JSON.parse(line);
    const outcomes: Outcome[] = [];
    for (const order of orders) outcomes.push(await carryOut(order));
    console.log(JSON.stringify(outcomes));
  }
  process.exit(0);
};

void main();
