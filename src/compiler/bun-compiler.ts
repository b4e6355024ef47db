/**
 * What JavaScriptCore compiles. Its last compiler (FTL) takes as long for the
 * functions that read and write a list as all of the list takes without it:
 * of 60,000 connections a third, and of 200,000 a quarter of the processor's
 * time (test/bench/README.md).
 */
import { noFTL } from "bun:jsc";

/** Functions of which no more is made than the quick compilers make. */
export function compileLightly(...functions: readonly ((...values: never[]) => unknown)[]): void {
  for (const each of functions) noFTL(each);
}
