/** What other programs are run with: in English, and found where systems have them, whatever PATH the caller has. */
export const TOOL_ENVIRONMENT = { ...process.env, LC_ALL: "C", PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin:/usr/bin:/bin` };
