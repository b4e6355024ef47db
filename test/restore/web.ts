/**
 * A server that is slow: whatever line it is sent, it sends back after a
 * while. Its port and how long, in milliseconds, are its words.
 */
import { createServer } from "node:net";

const [port, delay] = process.argv.slice(2).map(Number);

createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.on("data", (line) => setTimeout(() => socket.write(line), delay));
  socket.on("end", () => socket.end());
}).listen(port, "0.0.0.0", () => console.log("listening"));
