// A draft's text: its line endings, its offsets (which count code points, not UTF-16 units), its replacements.

/**
 * Remembers the line endings of what is pasted into a text field, which shows every one as \n.
 * Unchanged since it was pasted, the text comes back to the character; changed, its endings are kept when
 * they were all \r\n.
 */
export class Draft {
  #field;
  #pasted = "";

  constructor(field) {
    this.#field = field;
    field.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (/[\r\n]/.test(text)) this.#pasted = text;
    });
    field.addEventListener("input", () => {
      if (!field.value) this.#pasted = "";
    });
  }

  get text() {
    const shown = this.#field.value;
    if (visible(this.#pasted) === shown) return this.#pasted;
    const isWindows = this.#pasted.includes("\r") && !/\r(?!\n)|(?<!\r)\n/.test(this.#pasted);
    return isWindows ? shown.replaceAll("\n", "\r\n") : shown;
  }
}

/** Text as a page shows it: every line ending a plain one. */
export const visible = (text) => text.replace(/\r\n?/g, "\n");

/**
 * Cuts a text at spans: gives [{text, span}] in order, `span` null for what lies between.
 * A span that overlaps an earlier one is left out.
 */
export function runs(text, spans) {
  const points = Array.from(text);
  const found = [];
  let position = 0;
  for (const span of [...spans].sort((one, other) => one.start - other.start || one.end - other.end)) {
    if (span.start < position) continue;
    if (span.start > position) found.push({ text: points.slice(position, span.start).join(""), span: null });
    found.push({ text: points.slice(span.start, span.end).join(""), span });
    position = span.end;
  }
  if (position < points.length) found.push({ text: points.slice(position).join(""), span: null });
  return found;
}
