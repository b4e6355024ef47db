/** How a word stands in a message where it would not be seen, or would not be one line. */
export const quoted = (word: string): string => (/^[\x21-\x7e\u00a1-\uffff]+$/.test(word) ? word : JSON.stringify(word));
