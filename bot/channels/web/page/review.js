// The Review view's form: a draft to paste, and the way to its review.

import { say } from "./api.js";
import { $, announce, complain } from "./dom.js";
import { Draft } from "./draft.js";
import { guideRows, loadLessons } from "./lessons.js";
import { showReview } from "./result.js";

let isBusy = false;

export function setUpReview() {
  const field = $("draft");
  const draft = new Draft(field);
  const submit = (event) => {
    event.preventDefault();
    review(draft.text);
  };
  $("review-form").addEventListener("submit", submit);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  });
  field.addEventListener("input", () => {
    $("sample").hidden = field.value !== "";
  });
  $("sample").hidden = field.value !== "";
  $("sample").addEventListener("click", writeSample);
  if (/Mac|iPhone|iPad/.test(navigator.platform)) $("review-key").textContent = "⌘";
}

async function review(text) {
  if (isBusy) return;
  if (!text.trim()) {
    complain($("review-error"), "Paste a draft first.");
    $("draft").focus();
    return;
  }
  const button = $("review-form").querySelector("[type=submit]");
  isBusy = true;
  complain($("review-error"), "");
  button.textContent = "Reading …";
  button.setAttribute("aria-disabled", "true");
  let said = "";
  const tell = (line) => {
    if (line !== said) announce(line);
    said = line;
    doing(line);
  };
  tell("Reading the draft …");
  try {
    const hear = { status: ({ text }) => tell(text) };
    const [reply] = await Promise.all([say("api/review", { text }, hear), loadLessons()]);
    showReview(text, reply);
  } catch (error) {
    complain($("review-error"), error.message);
    $("draft").focus();
  } finally {
    isBusy = false;
    doing("");
    button.textContent = "Review draft";
    button.removeAttribute("aria-disabled");
  }
}

/** Shows what is being done in the place of the hint, which comes back with an empty line. */
function doing(line) {
  $("review-doing").textContent = line;
  $("review-doing").hidden = !line;
  $("review-hint").hidden = Boolean(line);
}

/** Writes an e-mail that makes two of the guide's claims, whichever lessons are loaded. */
async function writeSample() {
  try {
    const rows = await guideRows();
    if (!rows.length) throw new Error("No guide is loaded, so there is nothing to make a sample of.");
    const [first, second] = [rows[0], rows[Math.floor(rows.length / 2)]];
    $("draft").value = [
      "Hi Dana,",
      `Thank you for the time on Tuesday. ${sentence(first.dont_say)} The pilot would start with 45 people on March 3.`,
      "To your two questions:",
      `- ${sentence(second.dont_say)}\n- Sign-in stays as it is.`,
      "Shall we talk on Thursday at 10:30?",
      "Best,\nMartin",
    ].join("\n\n");
    $("draft").dispatchEvent(new Event("input"));
    $("draft").focus();
  } catch (error) {
    complain($("review-error"), error.message);
  }
}

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);
