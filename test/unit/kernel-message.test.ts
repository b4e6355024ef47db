import assert from "node:assert/strict";
import { test } from "node:test";
import { kernelMessage } from "../../src/commands/kernel-message";
import { ERRNO } from "../../src/netlink/errors";

const QUESTIONS = [
  "add-service", "edit-service", "delete-service", "add-server", "edit-server", "delete-server",
  "flush", "zero", "set-timeouts", "start-daemon", "stop-daemon", "list-service",
] as const;
type Question = (typeof QUESTIONS)[number];
type Name = "ENOENT" | "ESRCH" | "EEXIST";

/** What the C library says, where ipvsadm has no words of its own. */
const PLAIN: Readonly<Record<Name, string>> = {
  ENOENT: "No such file or directory",
  ESRCH: "No such process",
  EEXIST: "File exists",
};

const NO_SERVICE = "No such service";
const UNDEFINED = "Service not defined";
const NO_SCHEDULER = "Scheduler or persistence engine not found";
const NO_SERVER = "No such destination";

/** The answers that depend on the question; the others are the C library's. */
const OWN: Readonly<Record<Question, Partial<Record<Name, string>>>> = {
  "add-service": { ENOENT: NO_SCHEDULER, EEXIST: "Service already exists" },
  "edit-service": { ENOENT: NO_SCHEDULER, ESRCH: NO_SERVICE },
  "delete-service": { ESRCH: NO_SERVICE },
  "add-server": { ESRCH: UNDEFINED, EEXIST: "Destination already exists" },
  "edit-server": { ESRCH: UNDEFINED, ENOENT: NO_SERVER },
  "delete-server": { ESRCH: UNDEFINED, ENOENT: NO_SERVER },
  flush: {},
  zero: { ESRCH: NO_SERVICE },
  "set-timeouts": {},
  "start-daemon": { EEXIST: "Daemon has already run" },
  "stop-daemon": { ESRCH: "No daemon is running" },
  "list-service": { ESRCH: NO_SERVICE },
};

for (const question of QUESTIONS) {
  for (const name of ["ENOENT", "ESRCH", "EEXIST"] as const) {
    const message = OWN[question][name] ?? PLAIN[name];
    test(`${name} to ${question}: ${message}`, () => assert.equal(kernelMessage(question, ERRNO[name]), message));
  }
}

/** What means the same whatever was asked. */
const ANYWHERE = {
  EPERM: "Permission denied (you must be root)",
  EINVAL: "Invalid operation.  Possibly wrong module version, address not unicast, ...",
  ENOPROTOOPT: "Protocol not available",
  ENOMEM: "Memory allocation problem",
  EOPNOTSUPP: "Operation not supported with IPv6",
  EAFNOSUPPORT: "Operation not supported with specified address family",
  EMSGSIZE: "Module is wrong version",
  ENODEV: "No such device",
  EBUSY: "Device or resource busy",
  ETIMEDOUT: "Connection timed out",
  ENOBUFS: "No buffer space available",
} as const;

for (const [name, message] of Object.entries(ANYWHERE) as [keyof typeof ANYWHERE, string][]) {
  test(`${name} to anything: ${message}`, () => {
    for (const question of [undefined, ...QUESTIONS]) assert.equal(kernelMessage(question, ERRNO[name]), message);
  });
}

test("an errno without words is a number", () => {
  for (const question of [undefined, ...QUESTIONS]) assert.equal(kernelMessage(question, 4000), "Unknown error 4000");
});
