/**
 * Numbers as the C library reads them: white space and a sign may come first.
 * By the character: a regular expression costs every start more than all
 * numbers of a command line.
 */
import { CODE } from "../character-codes";

/** Where the digits begin: after white space, of which \t \n \v \f \r follow one another, and a sign. */
function digitsStart(text: string): number {
  let at = 0;
  for (let code = text.charCodeAt(at); code === CODE.BLANK || (code >= CODE.TAB && code <= CODE.RETURN); code = text.charCodeAt(at)) at++;
  const sign = text.charCodeAt(at);
  return sign === CODE.PLUS || sign === CODE.MINUS ? at + 1 : at;
}

/** Where digits end that begin at `start`. */
function digitsEnd(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code >= CODE.ZERO && code <= CODE.NINE; code = text.charCodeAt(at)) at++;
  return at;
}

export const isDigits = (text: string): boolean => text !== "" && digitsEnd(text, 0) === text.length;

/** The digits from `start` to the end as a number up to `max`; undefined where there is none, or anything else. */
export function plainNumber(text: string, start: number, max: number): number | undefined {
  if (start === text.length) return undefined;
  let number = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < CODE.ZERO || code > CODE.NINE) return undefined;
    number = number * 10 + code - CODE.ZERO;
    if (number > max) return undefined;
  }
  return number;
}

/** A whole decimal number from `min` to `max`, or undefined. */
export function parseNumber(text: string, min: number, max: number): number | undefined {
  let number = plainNumber(text, 0, max);
  if (number === undefined) {
    const start = digitsStart(text);
    if (start === text.length || digitsEnd(text, start) < text.length) return undefined;
    number = Number(text);
  }
  return number >= min && number <= max ? number : undefined;
}

/** The number that a text begins with, or 0, as atoi has it. */
export function leadingNumber(text: string): number {
  const start = digitsStart(text);
  const end = digitsEnd(text, start);
  return end === start ? 0 : Number(text.slice(0, end));
}
