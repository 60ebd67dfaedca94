// Who made a reply, and why it was not who usually does.

import { make } from "./dom.js";

const ENGINES = { claude: "Claude", lessons: "Lessons" };

/** The engine, its model and the version of the prompt: "Claude · claude-sonnet-5-5 · prompt 3". */
export function origin(reply) {
  // A reply of the lessons may name the model that was asked before them.
  const model = reply.engine === "claude" ? reply.model : null;
  return [ENGINES[reply.engine] ?? reply.engine, model, `prompt ${reply.prompt_version}`].filter(Boolean).join(" · ");
}

/** The line that says why the lessons replied in Claude's place; null when they did not. */
export const fallbackNote = (reply) =>
  reply.fallback_says ? make("p", { class: "hint" }, reply.fallback_says) : null;
