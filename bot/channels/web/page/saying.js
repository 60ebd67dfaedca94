// An answer's text in blocks: prose, what to say to the buyer as a card to copy, what not to say and why as asides.

import { copyButton, make } from "./dom.js";

const LABELLED = /^(?:Say|Not|Why): .*$/gm;
const SAY = /^Say: ["“](.+?)["”](\.?(?: ?\[\d{1,3}\])+|\.?$)/;
const ASIDE = /^(Not|Why): (.*)$/;
const MARKS = /\s*\[\d{1,3}\]/g;
const NAMES = { Not: "Not that", Why: "Why" };

/** The blocks in order; `marked(text)` gives a text as nodes, with its marks as what they lead to. */
export function blocks(text, marked) {
  const found = [];
  for (const part of text.replace(LABELLED, "\n\n$&\n\n").split(/\n{2,}/)) {
    const say = part.match(SAY);
    const aside = part.match(ASIDE);
    if (say) found.push(sayCard(say[1], marked(say[1] + say[2])));
    else if (aside) asides(found).append(...asideLine(aside[1], marked(aside[2])));
    else if (part.trim()) found.push(make("p", { dir: "auto" }, ...marked(part)));
  }
  return found;
}

function sayCard(words, shown) {
  return make(
    "figure",
    { class: "say" },
    make("figcaption", {}, "Say this"),
    make("blockquote", { dir: "auto" }, ...shown),
    copyButton("Copy wording", () => words.replace(MARKS, "")),
  );
}

/** The list that asides which follow each other share. */
function asides(found) {
  if (!found.at(-1)?.matches(".asides")) found.push(make("dl", { class: "asides" }));
  return found.at(-1);
}

function asideLine(kind, shown) {
  const look = `is-${kind.toLowerCase()}`;
  return [make("dt", { class: look }, NAMES[kind]), make("dd", { class: look, dir: "auto" }, ...shown)];
}
