/**
 * What is used of Bun's foreign function interface: its own types would bring
 * all of Bun's, beside Node's. These are the functions that the module
 * "bun:ffi" is built on. That module makes the source text of a function for
 * each that is opened, to check its arguments, and compiles it: 40 pages of a
 * start (test/bench/README.md). So here nothing is checked: a 32-bit argument
 * has to be an integer that the engine holds as one, which `| 0` makes of any.
 */
declare namespace NodeJS {
  interface Process {
    /** Of Node from 22.15 on, and of Bun: another program in the place of this one. Returns where it cannot be. */
    execve?(file: string, words: readonly string[], environment: Readonly<Record<string, string | undefined>>): void;
  }
}

declare namespace Bun {
  namespace FFI {
    type Kind = "i32" | "u32" | "u64" | "i64_fast" | "ptr";
    /** An address in memory. */
    type Pointer = number & { readonly __pointer: unique symbol };
    type Arguments<Kinds extends readonly Kind[]> = { [I in keyof Kinds]: Kinds[I] extends "ptr" ? NodeJS.TypedArray | Pointer : number };
    type Signature = { readonly args: readonly Kind[]; readonly returns: Kind };
    type Call<S extends Signature> = (...args: Arguments<S["args"]>) => Result[S["returns"]];
    /** Of 64 bits, "fast" ones come as a number where it holds them, the others as a bigint always. */
    type Result = { i32: number; u32: number; u64: bigint; i64_fast: number | bigint; ptr: Pointer };
    type Library<S extends Readonly<Record<string, Signature>>> = { readonly symbols: { readonly [N in keyof S]: Call<S[N]> } };
    /** Returns the error where the library, or one of the symbols in it, is not there. */
    function dlopen<const S extends Readonly<Record<string, Signature>>>(library: string, symbols: S): Library<S> | Error;
    /** Where a buffer lies, or a place in it, which has to be before its end: otherwise it returns an error. */
    function ptr(buffer: NodeJS.TypedArray, offset?: number): Pointer;
    const read: { i32(pointer: Pointer, offset: number): number };
  }
}
