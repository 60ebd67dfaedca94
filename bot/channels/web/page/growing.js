// An answer while it is being made: its text so far, sentence by sentence, and what the coach is doing.

import { make } from "./dom.js";

const EDGE_PX = 24; // a top that is no farther down is at the window's top

export class Growing {
  #prose = make("div", { class: "prose", hidden: true });
  #status = make("p", { class: "pending" }, "Reading the lessons …");
  #text = "";

  constructor() {
    this.element = make("div", { class: "growing" }, this.#prose, this.#status);
  }

  /** The text so far. */
  get text() {
    return this.#text;
  }

  /** Says what the coach is doing; the text begins anew. */
  begin(status) {
    this.#status.textContent = status;
    this.#text = "";
    this.#prose.replaceChildren();
    this.#show();
  }

  /** Adds what comes next. A screen reader reads that alone. */
  add(text) {
    this.#text += text;
    const [more, ...paragraphs] = text.split(/\n{2,}/);
    if (more) this.#lastParagraph().append(make("span", {}, more));
    for (const paragraph of paragraphs) this.#newParagraph().append(make("span", {}, paragraph));
    this.#show();
  }

  #lastParagraph() {
    return this.#prose.lastChild ?? this.#newParagraph();
  }

  #newParagraph() {
    const paragraph = make("p", { dir: "auto" });
    this.#prose.append(paragraph);
    return paragraph;
  }

  #show() {
    const hasText = this.#text !== "";
    this.#prose.hidden = !hasText;
    this.element.classList.toggle("answer", hasText);
  }
}

/** Keeps the top of `element` in view while the page grows below it, until the person scrolls back; {follow, stop}. */
export function keptInView(element) {
  let isLeft = false;
  let last = scrollY;
  const note = () => {
    isLeft ||= scrollY < last;
    last = scrollY;
  };
  addEventListener("scroll", note, { passive: true });
  return {
    follow() {
      if (isLeft || element.getBoundingClientRect().top <= EDGE_PX) return;
      element.scrollIntoView({ block: "start" });
      last = scrollY;
    },
    stop: () => removeEventListener("scroll", note),
  };
}
