/** Web servers whose only page says which server it came from. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine, Service } from "./cluster";

/** The page that says who asks, as the server sees it. */
export const CLIENT_PAGE = "cgi-bin/client";
/** In brackets, and with a prefix for IPv4, for the server listens to both families with one socket. */
const CLIENT = `#!/bin/sh
address=\${REMOTE_ADDR#[}
address=\${address#::ffff:}
printf 'Content-Type: text/plain\\r\\n\\r\\n%s\\n' "\${address%]}"
`;

/**
 * Answers every request for "/" with the name and a newline, over IPv4 and IPv6, on every address of the machine, and
 * one for CLIENT_PAGE with the client's address.
 * It goes on until the cluster is removed, or until the service is stopped.
 */
export const serve = async (machine: Machine, name = machine.name, port = 80): Promise<Service> => {
  // In the lab's own /tmp, which goes away with the kernel.
  const root = mkdtempSync(join(tmpdir(), "www-"));
  writeFileSync(join(root, "index.html"), `${name}\n`);
  mkdirSync(join(root, "cgi-bin"));
  writeFileSync(join(root, CLIENT_PAGE), CLIENT, { mode: 0o755 });
  const service = machine.start(["busybox", "httpd", "-f", "-p", String(port), "-h", root]);
  await service.listening(port);
  return service;
};
