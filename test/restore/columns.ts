/** Counts of things by their names, some to a line. */
export function inColumns(counts: readonly (readonly [name: string, count: number])[], columns: number): string {
  const width = Math.max(0, ...counts.map(([name]) => name.length));
  const cells = counts.map(([name, count]) => `${String(count).padStart(5)} ${name.padEnd(width)}`);
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) => cells.slice(row * columns, (row + 1) * columns));
  return rows.map((row) => row.join(" ").trimEnd()).join("\n");
}
