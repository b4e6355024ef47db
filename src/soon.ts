/**
 * What is mostly there, and only sometimes has to be waited for. The kernel
 * answers within the send, so that a command can go from its first word to its
 * exit at once; the first promise of a process, and functions that wait, cost
 * a start a tenth more (test/bench/README.md).
 */
export type Soon<T> = T | Promise<T>;

/** Goes on with a value: at once, where it is there. */
export const andThen = <T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> =>
  value instanceof Promise ? value.then(next) : next(value);

/** What is done instead where `work` fails, now or later. */
export function orElse<T>(work: () => Soon<T>, instead: (error: unknown) => Soon<T>): Soon<T> {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(instead) : value;
  } catch (error) {
    return instead(error);
  }
}

/** Uses what `next` hands out, one after the other, until that is undefined. */
export function each<T>(next: () => Soon<T | undefined>, use: (value: T) => void): Soon<void> {
  for (;;) {
    const value = next();
    if (value instanceof Promise) return eachOf(value, next, use);
    if (value === undefined) return;
    use(value);
  }
}

async function eachOf<T>(first: Promise<T | undefined>, next: () => Soon<T | undefined>, use: (value: T) => void): Promise<void> {
  for (let soon: Soon<T | undefined> = first; ; soon = next()) {
    const value = soon instanceof Promise ? await soon : soon;
    if (value === undefined) return;
    use(value);
  }
}
