/**
 * Servers that answer with their own address, by TCP and by UDP: the words are
 * ports, and addresses after "--". A connection stays open until the client
 * ends it, and answers each line.
 */
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

const words = process.argv.slice(2);
const ports = words.slice(0, words.indexOf("--")).map(Number);
const addresses = words.slice(words.indexOf("--") + 1);

for (const address of addresses) {
  for (const port of ports) {
    createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.on("data", () => socket.write(`${address}\n`));
    }).listen(port, address);
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.on("message", (_, client) => socket.send(`${address}\n`, client.port, client.address));
    socket.bind(port, address);
  }
}
