/** What is used of Bun's door to its engine. */
declare module "bun:jsc" {
  export function noFTL(compiled: (...values: never[]) => unknown): void;
}
