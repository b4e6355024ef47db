/** What an executable needs of the system, from its ELF headers: 64 bits, little endian. */
import { closeSync, openSync, readSync } from "node:fs";

export interface Needs {
  /** What the kernel calls the machine: e_machine. */
  readonly machine: number;
  /** The file names of its shared libraries. */
  readonly libraries: readonly string[];
  /** The versions of their symbols: "GLIBC_2.17". */
  readonly versions: readonly string[];
}

export const MACHINE = { amd64: 62, arm64: 183 } as const;

const HEADER_SIZE = 64;
const SHT_DYNAMIC = 6;
const SHT_GNU_VERNEED = 0x6ffffffe;
const DT_NEEDED = 1n;
const DYNAMIC_ENTRY = 16;

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  /** Of the section with its strings. */
  readonly link: number;
}

export function needsOf(path: string): Needs {
  const file = openSync(path, "r");
  try {
    return needs((offset, size) => {
      const bytes = Buffer.alloc(size);
      if (readSync(file, bytes, 0, size, offset) !== size) throw new Error(`${path}: ends within its headers`);
      return bytes;
    });
  } finally {
    closeSync(file);
  }
}

function needs(read: (offset: number, size: number) => Buffer): Needs {
  const header = read(0, HEADER_SIZE);
  if (header.toString("latin1", 0, 6) !== "\x7fELF\x02\x01") throw new Error("no ELF of 64 bits, little endian");
  const size = header.readUInt16LE(58);
  const sections = Array.from({ length: header.readUInt16LE(60) }, (_, index) => section(read(Number(header.readBigUInt64LE(40)) + index * size, size)));
  const bytes = ({ offset, size }: Section): Buffer => read(offset, size);
  const contents = (type: number): { bytes: Buffer; text: (at: number) => string } => {
    const found = sections.find((section) => section.type === type);
    const strings = found && sections[found.link];
    if (found === undefined || strings === undefined) throw new Error(`no section of type ${type}: is it linked statically?`);
    const texts = bytes(strings);
    return { bytes: bytes(found), text: (at) => texts.toString("latin1", at, texts.indexOf(0, at)) };
  };
  const dynamic = contents(SHT_DYNAMIC);
  const libraries: string[] = [];
  for (let at = 0; at < dynamic.bytes.length; at += DYNAMIC_ENTRY) {
    if (dynamic.bytes.readBigUInt64LE(at) === DT_NEEDED) libraries.push(dynamic.text(Number(dynamic.bytes.readBigUInt64LE(at + 8))));
  }
  const needed = contents(SHT_GNU_VERNEED);
  return { machine: header.readUInt16LE(18), libraries, versions: versions(needed.bytes, needed.text) };
}

const section = (bytes: Buffer): Section => ({
  type: bytes.readUInt32LE(4),
  offset: Number(bytes.readBigUInt64LE(24)),
  size: Number(bytes.readBigUInt64LE(32)),
  link: bytes.readUInt32LE(40),
});

/** A chain of libraries, with a chain of versions each; 0 ends a chain. */
function versions(bytes: Buffer, text: (at: number) => string): string[] {
  const found: string[] = [];
  for (let library = 0, next = -1; next !== 0; library += next) {
    next = bytes.readUInt32LE(library + 12);
    for (let version = library + bytes.readUInt32LE(library + 8), step = -1; step !== 0; version += step) {
      step = bytes.readUInt32LE(version + 12);
      found.push(text(bytes.readUInt32LE(version + 8)));
    }
  }
  return found;
}
