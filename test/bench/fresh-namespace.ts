import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { Measurer } from "./measurer";

/** For the kernel to take a namespace apart, in milliseconds. */
const SETTLING = 2_000;

/**
 * A network namespace that no IPVS table ever was in. A table that was
 * flushed is no empty one: the kernel keeps its servers for two minutes
 * (IP_VS_DEST_TRASH_PERIOD in ip_vs.h), and walks over all of them for each
 * that is added.
 */
export class FreshNamespace {
  #number = 0;
  #measurer: Measurer | undefined;

  /** Puts a new one in the place of the last. */
  async renew(): Promise<void> {
    await this.remove();
    this.#number++;
    ip("netns", "add", this.#name);
    // Without it there are no routes, and IPVS takes no address for one of a server.
    ip("-n", this.#name, "link", "set", "lo", "up");
    this.#measurer = new Measurer(this.#name);
  }

  /** Runs programs inside. */
  get measurer(): Measurer {
    if (this.#measurer === undefined) throw new Error("there is no namespace yet");
    return this.#measurer;
  }

  /** Its table, for whoever is outside. */
  get proc(): string {
    return `/proc/${this.measurer.pid}/net/ip_vs`;
  }

  async remove(): Promise<void> {
    if (this.#measurer === undefined) return;
    this.#measurer.close();
    this.#measurer = undefined;
    ip("netns", "del", this.#name);
    await sleep(SETTLING);
  }

  get #name(): string {
    return `fresh-${this.#number}`;
  }
}

const ip = (...words: string[]): void => void execFileSync("ip", words, { stdio: ["ignore", "ignore", "inherit"] });
