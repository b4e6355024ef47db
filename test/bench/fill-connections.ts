/** fill-connections FROM TO: connections FROM..TO-1 into the table of this process's network namespace. */
import { AF, IPPROTO } from "../../src/ipvs/constants";
import { sendSync } from "../differential/suites/connections";

const [from = 0, to = 0] = process.argv.slice(2).map(Number);
/** Sent by the piece, so that the kernel's side keeps up. */
const PIECE = 2000;
const PAUSE = 100;

async function fill(): Promise<void> {
  for (let start = from; start < to; start += PIECE) {
    await sendSync(
      Array.from({ length: Math.min(PIECE, to - start) }, (_, index) => ({
        family: AF.INET,
        protocol: IPPROTO.TCP,
        client: `10.3.${((start + index) >> 8) & 255}.${(start + index) & 255}`,
        clientPort: 1024 + ((start + index) >> 16),
        virtual: "10.0.0.1",
        virtualPort: 80,
        server: `10.1.0.${1 + ((start + index) & 1)}`,
        serverPort: 8080,
      })),
    );
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

void fill();
