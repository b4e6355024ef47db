/**
 * A short reporter for `node --test`: each test that failed, then what its file printed, and at the end a line of
 * counts. Tests that pass print nothing.
 */
import { inspect } from "node:util";

/**
 * @typedef {Error & { failureType?: string, cause?: unknown }} Failure
 * @typedef {{ type?: string, error?: Failure }} Details
 * @typedef {{ name?: string, file?: string, message?: string, skip?: unknown, todo?: unknown, details?: Details }} Data
 */

/** @param {AsyncIterable<{ type: string, data: Data }>} source */
export default async function* report(source) {
  let [passed, failed, skipped] = [0, 0, 0];
  /** @type {Map<string, string>} What each file printed, which is shown if one of its tests fails. */
  const printed = new Map();
  /** @type {Map<string, string>} */
  const failures = new Map();
  for await (const { type, data } of source) {
    const { name = "", file = "", message = "", details = {} } = data;
    if (type === "test:stdout" || type === "test:stderr") printed.set(file, (printed.get(file) ?? "") + message);
    if ((type !== "test:pass" && type !== "test:fail") || details.type === "suite") continue;
    const { error } = details;
    if (data.skip !== undefined || data.todo !== undefined) skipped++;
    else if (type === "test:pass") passed++;
    else if (error?.failureType !== "subtestsFailed") {
      failed++;
      const cause = error?.cause ?? error;
      const why = (cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause)).replace(/^/gm, "    ");
      failures.set(file, `${failures.get(file) ?? ""}✘ ${name}\n${why}\n`);
    }
  }
  for (const [file, told] of failures) yield `${file}\n${told}${printed.get(file) ?? ""}\n`;
  yield `units: ${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}\n`;
}
