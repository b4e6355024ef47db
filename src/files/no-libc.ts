/** No function of the C library can be called: Bun makes machine code for each, in memory that it may execute. */
export class NoLibc extends Error {
  constructor() {
    super("no memory can be made executable here (MemoryDenyWriteExecute= of a unit, or a limit of the address space)");
  }
}

/** What JavaScriptCore reserves for machine code, in bytes: 1 GiB otherwise, which a limit of the address space may forbid. */
const RESERVATION = "BUN_JSC_jitMemoryReservationSize";
const LITTLE = String(16 << 20);

/**
 * Begins the program again, in this process, with little room for machine
 * code. Returns where it cannot, or where that was tried before.
 */
export function beginAgain(): void {
  const { argv, argv0, env, execPath, execve } = process;
  if (env[RESERVATION] !== undefined || execve === undefined) return;
  execve(execPath, [argv0, ...argv.slice(2)], { ...env, [RESERVATION]: LITTLE });
}
