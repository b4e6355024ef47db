/**
 * Clients that have an address each, and ask services without end: each
 * request is a new connection, or a datagram, from a port that none had before.
 * The words are the addresses of one family, and after "--" the services as
 * "tcp ADDRESS PORT". Orders on standard input, each answered by a line:
 *
 *     go        begin
 *     hold WHO  keep a connection to the server of this address open, for each TCP service
 *     rounds N  answer when every client has asked every service so often again
 *     report    what was answered since the last report: by service, how often by whom, and what failed
 *     release   end the connections that were kept
 *     stop      end
 */
import { createSocket } from "node:dgram";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

const words = process.argv.slice(2);
const addresses = words.slice(0, words.indexOf("--"));
const services = words.slice(words.indexOf("--") + 1);
/** A request that is refused is refused at once; nobody is as slow as this. */
const PATIENCE = 20_000;
/** A datagram may be lost, as where its answer comes after the director has forgotten who asked: it is sent again. In milliseconds. */
const AGAIN = 3_000;
const FIRST_PORT = 10_000;

const ports = new Map<string, number>();
const nextPort = (address: string): number => {
  const port = ports.get(address) ?? FIRST_PORT;
  ports.set(address, port + 1);
  return port;
};

let going = false;
let heldServer: string | undefined;
const held = new Map<string, Socket>();
let answers: Record<string, Record<string, number>> = {};
const rounds = new Map(addresses.map((address) => [address, 0]));

const reason = (error: Error): string => ("code" in error ? String(error.code) : error.message);

const askByTcp = (service: string, localAddress: string, host: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, localAddress, localPort: nextPort(localAddress), noDelay: true });
    const done = (answer: string): void => {
      socket.removeAllListeners().on("error", () => undefined);
      if (answer === heldServer && !held.has(service)) held.set(service, socket.setTimeout(0));
      // A reset is forgotten by the director within seconds.
      else socket.resetAndDestroy();
      resolve(answer);
    };
    socket.setTimeout(PATIENCE, () => done("no answer"));
    socket.on("connect", () => socket.write("who?\n"));
    socket.on("data", (data) => done(data.toString().trim()));
    socket.on("error", (error) => done(reason(error)));
    socket.on("close", () => done("closed"));
  });

const askByUdp = (localAddress: string, host: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    const done = (answer: string): void => {
      clearTimeout(timer);
      clearInterval(again);
      socket.removeAllListeners().on("error", () => undefined);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => done("no answer"), PATIENCE);
    let again: NodeJS.Timeout | undefined;
    socket.on("message", (message) => done(message.toString().trim()));
    socket.on("error", (error) => done(reason(error)));
    socket.bind(nextPort(localAddress), localAddress, () => {
      // A socket that is connected hears of ICMP's refusals.
      socket.connect(port, host, () => {
        const ask = (): void => socket.send("who?");
        ask();
        again = setInterval(ask, AGAIN);
      });
    });
  });

async function client(address: string): Promise<void> {
  while (going) {
    for (const service of services) {
      const [protocol, host = "", port] = service.split(" ");
      const answer = await (protocol === "tcp" ? askByTcp(service, address, host, Number(port)) : askByUdp(address, host, Number(port)));
      const counts = (answers[service] ??= {});
      counts[answer] = (counts[answer] ?? 0) + 1;
    }
    rounds.set(address, (rounds.get(address) ?? 0) + 1);
  }
}

const wait = (condition: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!condition()) return;
      clearInterval(timer);
      resolve();
    }, 20);
  });

/** A round that is under way may have begun before the order: it does not count. */
async function moreRounds(count: number): Promise<void> {
  const before = new Map(rounds);
  await wait(() => addresses.every((address) => (rounds.get(address) ?? 0) > (before.get(address) ?? 0) + count));
}

async function main(): Promise<void> {
  let work: Promise<unknown> = Promise.resolve();
  for await (const line of createInterface(process.stdin)) {
    const [order, word] = line.split(" ");
    if (order === "go") {
      going = true;
      work = Promise.all(addresses.map(client));
    } else if (order === "hold") {
      heldServer = word;
      await wait(() => services.every((service) => !service.startsWith("tcp") || held.has(service)));
    } else if (order === "rounds") {
      await moreRounds(Number(word));
    } else if (order === "release") {
      for (const socket of held.values()) socket.resetAndDestroy();
    } else if (order === "stop") {
      going = false;
      await work;
    }
    console.log(order === "report" ? JSON.stringify(answers) : order);
    if (order === "report") answers = {};
  }
  process.exit(0);
}

void main();
