/** Why a program of settings ends, in one line without the program's name. */
export class SettingsFailure extends Error {
  constructor(
    message: string,
    /** The exit status: 2 for words that are wrong, 1 for what the machine refuses. */
    readonly status: 1 | 2 = 1,
  ) {
    super(message);
  }
}
