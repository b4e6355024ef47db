/**
 * A web server that keeps connections open for as long as the client likes. Its only page is its name; that and its
 * ports are its words.
 */
import { createServer } from "node:http";

const [name, ...ports] = process.argv.slice(2);

for (const port of ports.map(Number)) {
  const server = createServer((_, response) => response.end(`${name}\n`));
  server.keepAliveTimeout = 0;
  server.listen(port, "::");
}
