// The Ask view: a conversation with the lessons.

import { newName, say } from "./api.js";
import { $, announce, complain, copyButton, focusOn, make } from "./dom.js";
import { thumbs } from "./feedback.js";
import { Growing, keptInView } from "./growing.js";
import { loadLessons, titleOf } from "./lessons.js";
import { fallbackNote, origin } from "./origin.js";
import { blocks } from "./saying.js";

const MARKER = /\[(\d{1,3})\]/;

let thread = newName();
let turns = 0;
let isBusy = false;

export function setUpAsk() {
  const field = $("question");
  $("ask-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(field.value);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    ask(field.value);
  });
  field.addEventListener("input", () => grow(field));
  $("ask-anew").addEventListener("click", startAnew);
}

/** Offers questions that fit the lessons which are loaded, whatever they are about. */
export function offerExamples(lessons, rows) {
  const guideSections = new Set(rows.map((row) => row.section));
  const sections = lessons.flatMap((lesson) => lesson.sections).filter((section) => !guideSections.has(section));
  const questions = [
    ...spread(sections, 2).map((section) => `Tell me about ${section}`),
    ...spread(rows, 2).map((row) => `Can I say ${quoted(row.dont_say)}?`),
  ];
  $("examples")
    .querySelector("ul")
    .replaceChildren(
      ...questions.map((question) =>
        make("li", {}, make("button", { type: "button", class: "example", click: () => ask(question) }, question)),
      ),
    );
  showState();
}

/** Offers examples before the first question, a new conversation after it. */
function showState() {
  const isNew = !$("thread").hasChildNodes();
  $("examples").hidden = !isNew || !$("examples").querySelector("li");
  $("ask-anew").hidden = isNew;
}

function startAnew() {
  if (isBusy) return;
  thread = newName();
  $("thread").replaceChildren();
  showState();
  complain($("ask-error"), "");
  $("question").focus();
  announce("New conversation");
}

async function ask(question) {
  const field = $("question");
  if (isBusy) return;
  if (!question.trim()) {
    complain($("ask-error"), "Write a question first.");
    field.focus();
    return;
  }
  setBusy(true);
  complain($("ask-error"), "");
  const number = ++turns;
  const growing = new Growing();
  const turn = make(
    "article",
    { class: "turn", "aria-labelledby": `question-${number}` },
    make("h2", { id: `question-${number}`, class: "question", dir: "auto" }, question.trim()),
    growing.element,
  );
  $("thread").append(turn);
  showState();
  const isTyped = question === field.value; // not an example's
  if (isTyped) field.value = "";
  grow(field);
  turn.scrollIntoView({ block: "start" });
  const view = keptInView(turn);
  const hear = {
    status: ({ text }) => growing.begin(text),
    delta({ text }) {
      growing.add(text);
      view.follow();
    },
  };
  try {
    const [reply] = await Promise.all([say("api/ask", { question: question.trim(), thread }, hear), loadLessons()]);
    const isRead = growing.text === reply.answer;
    growing.element.replaceWith(answer(reply, number, { isRead }));
    if (isRead) announce(`That is the whole answer, with ${counted(reply.citations.length, "source")}`);
    view.follow();
  } catch (error) {
    turn.remove();
    showState();
    if (isTyped && !field.value) field.value = question;
    grow(field);
    complain($("ask-error"), error.message);
  } finally {
    setBusy(false);
    view.stop();
  }
  if (document.activeElement === document.body || $("ask-form").contains(document.activeElement))
    field.focus({ preventScroll: true });
}

/** One question at a time; what cannot be done meanwhile looks so. */
function setBusy(isNow) {
  isBusy = isNow;
  for (const button of [$("ask-anew"), $("ask-form").querySelector("[type=submit]")])
    if (isNow) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
}

/** The answer whole; a screen reader that has read it already (`isRead`) does not read it again. */
function answer(reply, number, { isRead }) {
  const sources = reply.citations.map((citation) => source(citation, number));
  return make(
    "div",
    { class: reply.covered ? "answer" : "answer uncovered", "aria-live": isRead ? "off" : null },
    reply.covered ? null : make("p", { class: "verdict" }, "Not in the lessons"),
    make("div", { class: "prose" }, ...blocks(reply.answer, (text) => withMarkers(text, reply, number))),
    sources.length ? make("h3", {}, "From the lessons") : null,
    sources.length ? make("ol", { class: "sources" }, ...sources) : null,
    ...closest(reply),
    fallbackNote(reply),
    make(
      "p",
      { class: "meta" },
      make("span", {}, origin(reply)),
      make(
        "span",
        { class: "acts" },
        ...thumbs(thread, reply.id),
        copyButton("Copy answer", () => asText(reply), { className: "link" }),
      ),
    ),
  );
}

/** An answer's text with each [n] that names a citation as a button which opens it. */
function withMarkers(text, reply, number) {
  return text.split(MARKER).map((piece, index) => {
    if (index % 2 === 0) return piece;
    const citation = reply.citations.find((one) => one.n === Number(piece));
    if (!citation) return `[${piece}]`;
    const id = sourceId(number, citation.n);
    return make(
      "button",
      {
        type: "button",
        class: "ref",
        "aria-label": `Source ${piece}: ${citation.section || titleOf(citation.lesson)}`,
        click: () => openSource(id),
      },
      piece,
    );
  });
}

function source(citation, number) {
  const section = citation.section || "Opening";
  return make(
    "li",
    {},
    make(
      "details",
      { id: sourceId(number, citation.n) },
      make(
        "summary",
        {},
        make("span", { class: "number" }, String(citation.n)),
        make("span", {}, section),
        make("span", { class: "glimpse" }, citation.quote),
      ),
      quotation(citation),
    ),
  );
}

function quotation(citation) {
  return make(
    "figure",
    { tabindex: "-1" },
    make("blockquote", { dir: "auto" }, citation.quote),
    make("figcaption", {}, `${titleOf(citation.lesson)} · ${citation.section || "Opening"} · line ${citation.line}`),
  );
}

function closest(reply) {
  if (reply.covered || !reply.closest?.length) return [];
  return [
    make("h3", {}, "The closest lines"),
    make("ul", { class: "closest" }, ...reply.closest.map((citation) => make("li", {}, quotation(citation)))),
  ];
}

const sourceId = (number, n) => `answer-${number}-source-${n}`;

function openSource(id) {
  const details = $(id);
  details.open = true;
  focusOn(details.querySelector("figure"));
}

function asText(reply) {
  const sources = reply.citations.map(
    (one) => `[${one.n}] ${titleOf(one.lesson)}, ${one.section || "Opening"}: “${one.quote}”`,
  );
  return [reply.answer, sources.join("\n")].filter(Boolean).join("\n\n");
}

function grow(field) {
  field.rows = Math.min(8, field.value.split("\n").length);
}

const counted = (count, name) => `${count} ${name}${count === 1 ? "" : "s"}`;

const quoted = (text) => `“${text}”`;

/** Up to `count` of the items, evenly spread over them. */
function spread(items, count) {
  const taken = Math.min(count, items.length);
  return Array.from({ length: taken }, (_, index) => items[Math.floor((index * items.length) / taken)]);
}
