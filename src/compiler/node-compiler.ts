/** V8 has no such compiler (bun-compiler.ts). */
export function compileLightly(..._functions: readonly ((...values: never[]) => unknown)[]): void {}
