/** What is used of Bun's foreign function interface; its own types would bring all of Bun's, beside Node's. */
declare module "bun:ffi" {
  type Kind = "i32" | "u32" | "u64" | "i64" | "ptr";
  /** An address in memory. */
  export type Pointer = number & { readonly __pointer: unique symbol };
  type Arguments<Kinds extends readonly Kind[]> = { [I in keyof Kinds]: Kinds[I] extends "ptr" ? NodeJS.TypedArray : number };
  type Signature = { readonly args: readonly Kind[]; readonly returns: Kind };
  type Call<S extends Signature> = (...args: Arguments<S["args"]>) => Result[S["returns"]];
  /** 64 bits come as they need: a number where it holds them. */
  type Result = { i32: number; u32: number; u64: number | bigint; i64: number | bigint; ptr: Pointer };
  export function dlopen<const S extends Readonly<Record<string, Signature>>>(
    library: string,
    symbols: S,
  ): { readonly symbols: { readonly [N in keyof S]: Call<S[N]> } };
  /** Where a buffer lies, or a place in it. */
  export function ptr(buffer: NodeJS.TypedArray, offset?: number): Pointer;
  export const read: { i32(pointer: Pointer, offset: number): number };
}
