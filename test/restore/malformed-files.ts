/** Files that are no rules, and what is said of each of their lines: "LINE:COLUMN: message". */
import { randomFrom } from "../differential/random";
import { BAD_LINES, columnOf, withoutMark } from "./malformed-lines";

export interface BadFile {
  readonly name: string;
  readonly content: Buffer;
  readonly problems: readonly string[];
}

/** Every line of these would change the table that the tests begin with. */
export const BEFORE = [
  "# what is around a bad line is good",
  "-A -t 10.0.0.1:80 -s rr",
  "-a -t 10.0.0.1:80 -r 10.1.0.1 -m -w 2",
  "-A -f 77 -s lc",
  "--start-daemon master --mcast-interface lo",
];
export const AFTER = ["", "-A -t 10.0.0.8:80 -s rr", "-a -t 10.0.0.8:80 -r 10.1.0.2 -m", "--set 100 100 100"];
const HERE = BEFORE.length + 1;
const NO_RULE = "no rule of a table";
const MEGABYTE = 1 << 20;

const lines = (...texts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(texts.flatMap((text) => [Buffer.from(text), Buffer.from("\n")]));

/** A file that is bad at one line, between good ones. */
const around = (name: string, line: string | Buffer, ...problems: string[]): BadFile => ({
  name,
  content: lines(...BEFORE, line, ...AFTER),
  problems: problems.map((problem) => `${HERE}:${problem}`),
});

const whole = (name: string, content: Buffer, ...problems: string[]): BadFile => ({ name, content, problems });

const oneBadLine = Object.entries(BAD_LINES).flatMap(([kind, some]) =>
  some.map((one) => around(`${kind}: ${JSON.stringify(withoutMark(one))}`, withoutMark(one), `${columnOf(one)}: ${one.message}`)),
);

const rule = "-A -t 10.0.0.5:80 -s ";
const column = rule.length + 1;
const bytes = (...numbers: number[]): Buffer => Buffer.concat([Buffer.from(rule), Buffer.from(numbers)]);
const NOT_UTF8 = `${column}: bytes that are not UTF-8`;

const badBytes = [
  around("a NUL byte", `${rule}r\0r`, `${column + 1}: a NUL byte`),
  around("a NUL byte at the end of a line", `${rule}rr\0`, `${column + 2}: a NUL byte`),
  around("a line of NUL bytes", Buffer.alloc(4096), "1: a NUL byte"),
  around("a NUL byte in a comment", "# \0", "3: a NUL byte"),
  around("Latin-1", bytes(0xfc, 0x72), NOT_UTF8),
  around("an overlong form", bytes(0xc0, 0x80), NOT_UTF8),
  around("half a pair", bytes(0xed, 0xa0, 0x80), NOT_UTF8),
  around("a character cut short", bytes(0xe2, 0x82), NOT_UTF8),
  around("more than Unicode has", bytes(0xf5, 0x80, 0x80, 0x80), NOT_UTF8),
  around("a megabyte of a word", `${rule}${"r".repeat(MEGABYTE)}`, `8193: a line of ${MEGABYTE + rule.length} bytes is no rule`),
  around("a megabyte of blanks", `${" ".repeat(MEGABYTE)}${rule}rr`, `8193: a line of ${MEGABYTE + rule.length + 2} bytes is no rule`),
  around("a megabyte of bytes that are not UTF-8", Buffer.alloc(MEGABYTE, 0xff), `8193: a line of ${MEGABYTE} bytes is no rule`),
  around("a megabyte of a comment", `#${"x".repeat(MEGABYTE)}`, `8193: a line of ${MEGABYTE + 1} bytes is no rule`),
  whole("a megabyte without an end", Buffer.alloc(MEGABYTE, 0x2d), `1:8193: a line of ${MEGABYTE} bytes is no rule`),
  whole(
    "UTF-16",
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("-A -t 10.0.0.5:80\n", "utf16le")]),
    "1:4: a NUL byte",
    "2:1: a NUL byte",
  ),
];

const ends = [
  whole("a last line that was cut off", Buffer.from(`${lines(...BEFORE).toString()}-a -t 10.0.0.1:80 -r`), `${HERE}:19: -r: missing argument`),
  whole("a last line that was cut off within its address", Buffer.from(`${lines(...BEFORE).toString()}-A -t 10.0.0.`), `${HERE}:7: illegal virtual server address[:port] specified`),
  around("a carriage return after a bad value", "-a -t 10.0.0.1:80 -r 10.1.0.5 -w x\r", "34: illegal weight specified"),
  around("a carriage return after a missing argument", "-A -t\r", "4: -t: missing argument"),
  whole("all lines end as in DOS, one is bad", Buffer.from([...BEFORE, "-A -t 10.0.0.5:80 --bogus", ...AFTER].join("\r\n")), `${HERE}:19: --bogus: unknown option`),
  whole("lines end as on old Macintoshes", Buffer.from("-A -t 10.0.0.5:80\r-A -t 10.0.0.6:80\r"), "1:19: invalid option `-A'"),
];

const several = [
  whole(
    "two bad lines",
    lines(...BEFORE, "-A -t 10.0.0.5:80 --bogus", "-A -t 10.0.0.6:80 -s rr", "-a -t 10.0.0.6:80 -r 10.1.0.1 -w x", ...AFTER),
    `${HERE}:19: --bogus: unknown option`,
    `${HERE + 2}:34: illegal weight specified`,
  ),
  whole(
    "bad bytes, a bad word and bad bytes",
    lines(Buffer.from([0xff]), "nonsense", "\0", ...AFTER),
    "1:1: bytes that are not UTF-8",
    "2:1: no command: nonsense",
    "3:1: a NUL byte",
  ),
  whole(
    "two lines out of place",
    lines(...BEFORE, "-a -t 10.0.0.7:80 -r 10.1.0.1 -m", ...AFTER, "-A -t 10.0.0.1:80"),
    `${HERE}:1: Service not defined`,
    `${HERE + 1 + AFTER.length}:1: Service already exists`,
  ),
  whole("a bad service, with servers that are not to blame", lines(...BEFORE, "-A -t 10.0.0.7:80 --bogus", "-a -t 10.0.0.7:80 -r 10.1.0.1 -m"), `${HERE}:19: --bogus: unknown option`),
  whole(
    "a bad word, and a command that is no rule",
    lines(...BEFORE, "-A -t 10.0.0.7:80 --bogus", "-L -n"),
    `${HERE}:19: --bogus: unknown option`,
    `${HERE + 1}:1: ${NO_RULE}`,
  ),
  whole(
    "a bad word, and a service that is there twice",
    lines(...BEFORE, "-A -t 10.0.0.7:80 --bogus", "-A -t 10.0.0.1:80"),
    `${HERE}:19: --bogus: unknown option`,
    `${HERE + 1}:1: Service already exists`,
  ),
  whole("five hundred bad lines", lines(...Array.from({ length: 500 }, (_, index) => `-A -f 0${"0".repeat(index % 7)}`)), ...Array.from({ length: 500 }, (_, index) => `${index + 1}:7: invalid fwmark value \`0${"0".repeat(index % 7)}' specified`)),
  whole("every bad line of these tests", lines(...unreadable().map(withoutMark)), ...unreadable().map((one, index) => `${index + 1}:${columnOf(one)}: ${one.message}`)),
  whole("what ipvsadm -Ln prints", lines("IP Virtual Server version 1.2.1 (size=4096)", "TCP  10.0.0.1:80 wlc"), "1:1: no command: IP", "2:1: no command: TCP"),
  whole("a marked file", lines("<<<<<<< HEAD", ...BEFORE, "=======", ...AFTER, ">>>>>>> other"), "1:1: no command: <<<<<<<", `${HERE + 1}:1: no command: =======`, `${HERE + 2 + AFTER.length}:1: no command: >>>>>>>`),
];

/** The lines that are bad wherever they stand. */
function unreadable() {
  return Object.entries(BAD_LINES).flatMap(([kind, some]) => (kind === "no rule" || kind === "out of place" ? [] : some));
}

export const BAD_FILES: readonly BadFile[] = [...oneBadLine, ...badBytes, ...ends, ...several];

/** Bytes of any kind: what is wrong with them is not said here, but that something is. */
export function noise(seed: number): Buffer {
  const random = randomFrom(seed);
  return Buffer.from(Array.from({ length: 4096 }, () => Math.floor(random() * 256)));
}
