#!/bin/sh
# yargs 18.2.0 and values of boolean options.
#
# One would expect, with strict(), that a value which is no boolean is refused:
# lvs-director stop --dry-run=yes would else change the machine. Seen: any
# value but "true" is false, without a message; and "true" or "false" behind
# such an option is its value and no operand, so that a file cannot be called so.
#
# Status 0 while that is so, 1 when it is not, 2 when it could not be tried.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
npm install --silent --no-audit --no-fund yargs@18.2.0 >/dev/null || exit 2
cat >try.mjs <<'JS'
import yargs from "yargs";
for (const words of [["--dry-run=yes"], ["--dry-run=1"], ["--dry-run", "true"]]) {
  const { dryRun, _ } = yargs(words).options({ "dry-run": { type: "boolean" } }).strict(true).exitProcess(false).parseSync();
  console.log(`${words.join(" ")}: ${dryRun}, operands: ${_.length}`);
}
JS
said=$(node try.mjs 2>&1)
echo "$said"
[ "$said" = "--dry-run=yes: false, operands: 0
--dry-run=1: false, operands: 0
--dry-run true: true, operands: 0" ]
