/** What is wrong with a command line, behind the program's name: it ends with status 2. */
export class UsageError extends Error {}
