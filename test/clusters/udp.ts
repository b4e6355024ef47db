/**
 * Datagrams. As a server, whatever comes is answered with a name, from the address that it came to:
 *
 *     udp.cjs serve NAME PORT ADDRESS...
 *
 * As a client, so many questions from one port, each after the answer to the one before; a line for each answer, an
 * empty one where none came:
 *
 *     udp.cjs ask ADDRESS PORT COUNT
 */
import { createSocket, type Socket } from "node:dgram";

/** Milliseconds until a question is given up. */
const PATIENCE = 60_000;

const socketFor = (address: string): Socket => createSocket(address.includes(":") ? "udp6" : "udp4");

const serve = (name: string, port: number, addresses: readonly string[]): void => {
  for (const address of addresses) {
    // Bound to the virtual address: from any other, the answer would have the server's own.
    const socket = socketFor(address);
    socket.on("message", (_, { port, address }) => socket.send(name, port, address));
    socket.bind(port, address);
  }
};

const question = (socket: Socket, address: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const done = (answer: string): void => {
      clearTimeout(timer);
      socket.removeAllListeners("message");
      resolve(answer);
    };
    const timer = setTimeout(() => done(""), PATIENCE);
    socket.on("message", (message) => done(message.toString("latin1")));
    socket.send("who?", port, address);
  });

const ask = async (address: string, port: number, count: number): Promise<void> => {
  const socket = socketFor(address);
  for (let sent = 0; sent < count; sent++) console.log(await question(socket, address, port));
  socket.close();
};

const [verb, first = "", second = "", ...rest] = process.argv.slice(2);
if (verb === "serve") serve(first, Number(second), rest);
else void ask(first, Number(second), Number(rest[0]));
