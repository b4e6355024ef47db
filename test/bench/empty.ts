/** Compiled as the executable is, what its runtime alone costs. */
export {};
