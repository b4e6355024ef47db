import { accessSync, constants, readFileSync, writeFileSync } from "node:fs";
import { systemReason } from "../netlink/errno-text";
import { SettingsFailure } from "./failure";

const ROOT = "/proc/sys";

/** As sysctl(8) writes it: dots for slashes, and slashes for the dots in names of devices. */
export const sysctlName = (key: string): string => key.replace(/[./]/g, (character) => (character === "." ? "/" : "."));

const OF_DEVICE = /^(net\/(?:ipv4|ipv6)\/(?:conf|neigh)\/)(?!(?:all|default)\/)([^/]+)(\/.*)$/;

/** The device that a key is of; undefined where it is of none. */
export const deviceOf = (key: string): string | undefined => OF_DEVICE.exec(key)?.[2];

/** The same key of a device of another name. */
export const keyOfDevice = (key: string, name: string): string => key.replace(OF_DEVICE, (_all, start: string, _device, rest: string) => `${start}${name}${rest}`);

/** What the system says, in words: "Read-only file system". */
const REASONS: Readonly<Record<string, string>> = {
  EROFS: "is read-only",
  EACCES: "cannot be written: permission denied",
  EPERM: "cannot be written: not permitted",
};

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : String(error);

const reason = (key: string, error: unknown): string =>
  `${ROOT}/${key} ${REASONS[codeOf(error)] ?? `cannot be written: ${systemReason(error)}`}`;

/** The sysctls of this process's namespaces. Keys are paths below /proc/sys. */
export class Sysctls {
  /** White space is one space. Undefined where the kernel has no such key. */
  read(key: string): string | undefined {
    try {
      return readFileSync(`${ROOT}/${key}`, "utf8").trim().replace(/\s+/g, " ");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw new SettingsFailure(`${ROOT}/${key} cannot be read: ${systemReason(error)}`);
    }
  }

  /** Throws SettingsFailure. */
  write(key: string, value: string): void {
    try {
      writeFileSync(`${ROOT}/${key}`, `${value}\n`, { flag: "r+" });
    } catch (error) {
      throw new SettingsFailure(reason(key, error));
    }
  }

  /** Why it cannot be written. A rehearsal needs no privileges. */
  obstacle(key: string, rehearses: boolean): string | undefined {
    try {
      accessSync(`${ROOT}/${key}`, constants.W_OK);
      return undefined;
    } catch (error) {
      return rehearses && ["EACCES", "EPERM"].includes(codeOf(error)) ? undefined : reason(key, error);
    }
  }
}
