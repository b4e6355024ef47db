/**
 * Text and its bytes, in UTF-8. Not by Buffer: in Bun, who first touches that
 * makes its ninety functions, and most commands need none of them
 * (test/bench/README.md).
 */
import { CODE } from "../character-codes";

/**
 * Up to so many bytes or characters are taken one by one, where they are
 * ASCII: the first TextEncoder or TextDecoder costs a start more. Fewer on the
 * way to text, which is a tree of its characters until it is used.
 */
const SHORT = 2_048;
const SHORT_TEXT = 64;

export function bytesOf(text: string): Uint8Array {
  const { length } = text;
  if (length > SHORT) return encode(text);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code > CODE.LAST) return encode(text);
    bytes[at] = code;
  }
  return bytes;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The bytes from `start` to `end`; what is no UTF-8 reads as U+FFFD. */
export function textOf(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (end - start > SHORT_TEXT) return decode(bytes, start, end);
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > CODE.LAST) return decode(bytes, start, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** A part is copied: to view one can move a small buffer's bytes, and the kernel may have been told where they are (bun-receiver.ts). */
const decode = (bytes: Uint8Array, start: number, end: number): string =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(end - start === bytes.length ? bytes : bytes.slice(start, end));

/** No more than so many bytes of it; of a character that is cut, what stands for one that cannot be read. */
export function cut(text: string, length: number): string {
  const bytes = bytesOf(text);
  return bytes.length <= length ? text : textOf(bytes, 0, length);
}
