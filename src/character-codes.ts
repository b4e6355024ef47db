/** Characters by their codes, for what is read one by one: the same in a text of UTF-16 and in the bytes of UTF-8. */
export enum CODE {
  TAB = 0x09,
  NEWLINE = 0x0a,
  RETURN = 0x0d,
  BLANK = 0x20,
  PLUS = 0x2b,
  MINUS = 0x2d,
  POINT = 0x2e,
  ZERO = 0x30,
  NINE = 0x39,
  COLON = 0x3a,
  OPENING_BRACKET = 0x5b,
  CLOSING_BRACKET = 0x5d,
  SMALL_A = 0x61,
  SMALL_F = 0x66,
  /** The last of ASCII's. */
  LAST = 0x7f,
}
