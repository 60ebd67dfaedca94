// A review: what to change in a draft and why, and the draft as it reads with the choices made.

import { decision } from "./deciding.js";
import { $, copyButton, focusOn, make } from "./dom.js";
import { runs, visible } from "./draft.js";
import { titleOf } from "./lessons.js";
import { fallbackNote, origin } from "./origin.js";

const CLEAN = "No sentence makes a claim that the guide says not to make. The draft can go out as it is.";
const NOTED = "No sentence surely makes a claim that the guide says not to make; read the notes before it goes out.";

/** Shows a review in place of the form, which keeps the draft. */
export function showReview(text, reply) {
  const changes = reply.edits.map((edit, index) => ({
    ...edit,
    number: index + 1,
    isUsed: true,
    findings: reply.findings.filter((finding) => finding.start >= edit.start && finding.end <= edit.end),
  }));
  const notes = reply.notes.map((note, index) => ({ ...note, letter: letter(index) }));
  const title = make("h2", { class: "summary", tabindex: "-1" }, summary(changes, notes));
  const parts = [
    make(
      "div",
      { class: "summary-row" },
      make("div", {}, title, make("p", { class: "hint" }, origin(reply)), fallbackNote(reply)),
      make("button", { type: "button", class: "quiet", click: edit }, "Edit draft"),
    ),
    changes.length ? null : make("p", { class: "clean" }, notes.length ? NOTED : CLEAN),
    make(
      "div",
      { class: "panel before" },
      make("div", { class: "panel-head" }, make("h3", { id: "before-title" }, "Your draft")),
      textRegion("before-title", marked(text, changes, notes)),
    ),
    changes.length
      ? make(
          "section",
          { class: "changes", "aria-labelledby": "changes-title" },
          make("h3", { id: "changes-title" }, "What to change"),
          make("ol", { class: "cards" }, ...changes.map((change) => changeCard(change, reply.review))),
        )
      : null,
    notes.length
      ? make(
          "section",
          { class: "notes", "aria-labelledby": "notes-title" },
          make("h3", { id: "notes-title" }, "Worth a look"),
          make(
            "p",
            { class: "hint" },
            "Close to what the guide warns of, but not surely a claim. Left as you wrote it.",
          ),
          make("ul", { class: "cards" }, ...notes.map(noteCard)),
        )
      : null,
    changes.length
      ? make(
          "div",
          { class: "panel after" },
          make(
            "div",
            { class: "panel-head" },
            make("h3", { id: "after-title" }, "Rewritten draft"),
            copyButton("Copy draft", () => spliced(text, changes), { className: "primary small" }),
          ),
          textRegion("after-title", rewritten(text, changes)),
        )
      : null,
  ];
  $("result").className = changes.length ? "result" : notes.length ? "result unchanged noted" : "result unchanged";
  $("result").replaceChildren(...parts.filter(Boolean));
  $("result").hidden = false;
  $("desk").hidden = true;
  focusOn(title);
}

function edit() {
  $("result").hidden = true;
  $("result").replaceChildren();
  $("desk").hidden = false;
  $("draft").focus();
}

/** The draft as it is sent: every character that no used change replaces is as it was written. */
function spliced(text, changes) {
  return runs(text, changes)
    .map((run) => (run.span?.isUsed ? run.span.after : run.text))
    .join("");
}

/** The draft as it reads with the choices made; each change knows the place where it is shown. */
function rewritten(text, changes) {
  return runs(text, changes).map((run) => {
    if (!run.span) return visible(run.text);
    run.span.shown = standing(run.span);
    return run.span.shown;
  });
}

/** The words that stand. */
function standing(change) {
  return change.isUsed
    ? make("ins", {}, visible(change.after))
    : make("span", { class: "kept" }, visible(change.before));
}

function marked(text, changes, notes) {
  return runs(text, [...changes, ...notes]).map(({ text: words, span }) => {
    if (!span) return visible(words);
    const isNote = Boolean(span.letter);
    const name = span.letter ?? span.number;
    const shown = visible(words);
    const lastWord = shown.search(/\S{1,30}$/);
    const cut = lastWord < 0 ? shown.length : lastWord;
    const label = isNote ? `Note ${name}` : `Change ${name}`;
    return make(
      "mark",
      { id: `mark-${name}`, class: isNote ? "note" : "finding", click: () => focusOn($(`card-${name}`)) },
      shown.slice(0, cut),
      // The number stays on the line of the last word.
      make(
        "span",
        { class: "unbroken" },
        shown.slice(cut),
        make("button", { type: "button", class: "number", "aria-label": label }, String(name)),
      ),
    );
  });
}

function changeCard(change, review) {
  const { number, findings } = change;
  const state = make("span", { class: "state" }, "Replaced");
  const show = (choice) => {
    change.isUsed = choice === "use";
    card.classList.toggle("kept", !change.isUsed);
    $(`mark-${number}`).classList.toggle("kept", !change.isUsed);
    state.textContent = change.isUsed ? "Replaced" : "Kept as written";
    const shown = standing(change);
    change.shown.replaceWith(shown);
    change.shown = shown;
  };
  const card = make(
    "li",
    {
      id: `card-${number}`,
      class: "card",
      tabindex: "-1",
      "aria-label": `Change ${number}`,
      ...linked(`mark-${number}`),
    },
    make("p", { class: "card-head" }, markLink(number, "finding"), state),
    make("p", { class: "label" }, "You wrote"),
    make("blockquote", { class: "was", dir: "auto" }, visible(change.before)),
    make("p", { class: "label" }, "Say instead"),
    make("blockquote", { class: "now", dir: "auto" }, visible(change.after)),
    ...reasons(findings),
    decision(review, number, show),
  );
  return card;
}

function noteCard(note) {
  return make(
    "li",
    {
      id: `card-${note.letter}`,
      class: "card note",
      tabindex: "-1",
      "aria-label": `Note ${note.letter}`,
      ...linked(`mark-${note.letter}`),
    },
    make("p", { class: "card-head" }, markLink(note.letter, "note"), make("span", { class: "state" }, "Not changed")),
    make("p", { class: "label" }, "You wrote"),
    make("blockquote", { class: "was", dir: "auto" }, visible(note.quote)),
    make("p", { class: "label" }, "The guide would say"),
    make("blockquote", { class: "now", dir: "auto" }, note.say),
    ...reasons([note]),
  );
}

/** Why it matters, and which row of which guide says so; two rows can meet in one sentence. */
function reasons(findings) {
  return findings.flatMap((finding) => [
    finding.why ? make("p", { class: "label" }, "Why it matters") : null,
    finding.why ? make("p", { class: "why", dir: "auto" }, finding.why) : null,
    make(
      "p",
      { class: "rule", dir: "auto" },
      `Guide row ${finding.row}, ${titleOf(finding.lesson)}: don’t say “${finding.dont_say}”`,
    ),
  ]);
}

/** A card's number, which leads back to its place in the draft. */
function markLink(name, kind) {
  const back = () => {
    const mark = $(`mark-${name}`);
    if (mark) focusOn(mark.querySelector("button"));
  };
  return make(
    "button",
    { type: "button", class: `number ${kind}`, "aria-label": `Show ${name} in the draft`, click: back },
    String(name),
  );
}

/** Lights up the mark while its card is pointed at or focused. */
function linked(id) {
  const light = (isOn) => () => $(id)?.classList.toggle("lit", isOn);
  return { mouseenter: light(true), mouseleave: light(false), focusin: light(true), focusout: light(false) };
}

function summary(changes, notes) {
  const what = { 0: "Nothing", 1: "1 sentence" }[changes.length] ?? `${changes.length} sentences`;
  const count = `${what} to change`;
  return notes.length ? `${count}, ${notes.length} worth a look` : count;
}

/** A draft's text; it can be scrolled, so the keyboard can reach it. */
function textRegion(titleId, content) {
  return make(
    "div",
    { class: "text", dir: "auto", tabindex: "0", role: "region", "aria-labelledby": titleId },
    ...content,
  );
}

/** a, b, … z, aa, ab, …: notes are lettered, changes numbered. */
function letter(index) {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}
