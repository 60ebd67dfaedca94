// Reads Server-Sent Events from a response, which unlike an EventSource's can be a POST's.

/** Finds the events in a text that comes in pieces, wherever it is cut. */
export class EventParser {
  #rest = "";
  #endsInReturn = false;
  #type = "";
  #data = [];

  /** Takes the next piece and gives the events, {type, data}, that are whole by now. */
  push(text) {
    if (!text) return [];
    const isSecondHalf = this.#endsInReturn && text.startsWith("\n"); // of a line ending that was cut
    const lines = (this.#rest + (isSecondHalf ? text.slice(1) : text)).split(/\r\n|\r|\n/);
    this.#endsInReturn = text.endsWith("\r");
    this.#rest = lines.pop();
    return lines.flatMap((line) => this.#read(line));
  }

  #read(line) {
    if (line === "") return this.#dispatch();
    const [, name, value = ""] = line.match(/^([^:]*)(?:: ?(.*))?$/s);
    if (name === "event") this.#type = value;
    if (name === "data") this.#data.push(value);
    return [];
  }

  #dispatch() {
    const events = this.#data.length ? [{ type: this.#type || "message", data: this.#data.join("\n") }] : [];
    this.#type = "";
    this.#data = [];
    return events;
  }
}

export const isStream = (response) => response.headers.get("Content-Type")?.startsWith("text/event-stream") ?? false;

/**
 * Gives the `reply` that ends a stream, null for a stream that breaks off or cannot be read; `hear` has a function for
 * each type of event that is wanted before. Rejects when the request's time is up.
 */
export async function replyOf(response, hear) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  for (;;) {
    const { done, value } = await reader.read().catch(unlessLate);
    if (done) return null;
    for (const event of parser.push(decoder.decode(value, { stream: true }))) {
      const said = parsed(event.data);
      if (said === null || event.type === "reply") return said;
      hear[event.type]?.(said);
    }
  }
}

function unlessLate(error) {
  if (error.name === "TimeoutError") throw error;
  return { done: true };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
