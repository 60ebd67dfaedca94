// What a writer decides about a change: which words stand, why their own do, and whether the guide's owner sees them.
// The words are those of the other channels: bot/channels/review_words.py.

import { post } from "./api.js";
import { announce, complain, make } from "./dom.js";

const KEEP = "keep";
const CHOICES = [
  { choice: "use", label: "Use this" },
  { choice: KEEP, label: "Keep mine" },
  { choice: "not meant", label: "Not what I meant" },
];
const WHY_STAY = "Why do they stay?";
const NO_NAME = "The guide's owner reads it without your name.";
const MAY_BE_SHOWN = "My words may be shown to the guide's owner with this";
const MAX_REASON = 500;

/** The choices on change `number`, from 1, of a review; `show(choice)` shows on the page which words stand then. */
export function decision(review, number, show) {
  let wanted = null; // what the writer has decided
  let noted = null; // what of it the coach knows
  let saved = null; // what the form was sent with, as long as it says that
  let isBusy = false;

  const options = CHOICES.map(({ choice, label }) => option(number, label, () => choose(choice)));
  const told = make("p", { class: "told", dir: "auto" });
  const trouble = make("p", { class: "error", role: "alert" });
  const retry = make("button", { type: "button", class: "quiet small", hidden: true, click: tryAgain }, "Try again");
  const { form, reason, asked, consent, save } = stayForm(number, { submit: saveForm, input: edited });

  function choose(choice) {
    wanted = { choice, reason: "", may_show: false };
    form.hidden = choice === "use";
    asked.hidden = choice !== KEEP;
    consent.checked = false;
    edited();
    show(choice);
    send();
  }

  function saveForm(event) {
    event.preventDefault();
    const { choice } = wanted;
    saved = { choice, reason: choice === KEEP ? reason.value : "", may_show: consent.checked };
    wanted = saved;
    send();
  }

  function edited() {
    saved = null;
    save.textContent = "Save";
  }

  function tryAgain() {
    options.find((each) => each.querySelector("input").checked).querySelector("input").focus();
    send();
  }

  /** Sends one decision at a time, so that the last one made is the last one noted. */
  async function send() {
    if (isBusy) return;
    isBusy = true;
    complain(trouble, "");
    retry.hidden = true;
    try {
      while (noted !== wanted) {
        const sent = wanted;
        const { says } = await post("api/decide", { review, place: number - 1, ...sent });
        noted = sent;
        told.textContent = says;
      }
      if (noted === saved) save.textContent = "Saved";
      announce(`Change ${number}${noted === saved ? ", saved" : ""}: ${told.textContent}`);
    } catch (error) {
      told.textContent = "";
      complain(trouble, error.message);
      retry.hidden = Boolean(error.isGone);
    } finally {
      isBusy = false;
    }
  }

  return make(
    "fieldset",
    { class: "deciding" },
    make("legend", { class: "visually-hidden" }, `Change ${number}`),
    make("div", { class: "choice" }, ...options),
    told,
    trouble,
    retry,
    form,
  );
}

function option(number, label, change) {
  return make(
    "label",
    {},
    make("input", { type: "radio", name: `choice-${number}`, change }),
    make("span", {}, label),
  );
}

/** What is asked of a writer whose own words stay; all of it may be left out. */
function stayForm(number, listeners) {
  const id = `reason-${number}`;
  const reason = make("textarea", {
    id,
    rows: "2",
    maxlength: String(MAX_REASON),
    dir: "auto",
    "aria-describedby": `${id}-hint`,
  });
  const asked = make(
    "div",
    { class: "asked" },
    make("label", { for: id }, WHY_STAY, make("span", { class: "hint" }, " (optional)")),
    reason,
    make("p", { id: `${id}-hint`, class: "hint" }, NO_NAME),
  );
  const consent = make("input", { type: "checkbox" });
  const save = make("button", { type: "submit", class: "quiet small" }, "Save");
  const form = make(
    "form",
    { class: "stay", hidden: true, ...listeners },
    asked,
    make("label", { class: "consent" }, consent, make("span", {}, MAY_BE_SHOWN)),
    save,
  );
  return { form, reason, asked, consent, save };
}
