// What the coach speaks from: the lessons' titles and the rows of their guides.

import { get } from "./api.js";
import { $, make } from "./dom.js";

const MAX_ROWS = 60;
const PAUSE_MS = 200;

const titles = new Map();
let loading = null;

/** Gives the lessons, asked for once, and shows their titles at the foot of the page. */
export function loadLessons() {
  loading ??= get("api/lessons")
    .then(({ lessons }) => {
      for (const lesson of lessons) titles.set(lesson.id, lesson.title);
      const names = lessons.map((lesson) => lesson.title);
      $("lessons").textContent = names.length ? `Lessons: ${names.join(" · ")}` : "No lesson is loaded.";
      return lessons;
    })
    .catch((error) => {
      loading = null; // the next call asks again
      throw error;
    });
  return loading;
}

/** Gives a lesson's title, or its id while that is all there is to show. */
export const titleOf = (lesson) => titles.get(lesson) ?? lesson;

/** Gives the guide's rows that fit `words`, all of them without words. */
export async function guideRows(words = "") {
  const { rows } = await get(`api/guide?words=${encodeURIComponent(words.slice(0, 500))}`);
  return rows;
}

/** Lets the guide beside the draft be searched. */
export function setUpGuide() {
  const field = $("guide-words");
  let waiting = 0;
  let latest = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const search = ++latest;
      try {
        const rows = await guideRows(field.value);
        if (search === latest) showGuide(rows);
      } catch (error) {
        if (search === latest) $("guide-count").textContent = error.message;
      }
    }, PAUSE_MS);
  });
}

export function showGuide(rows) {
  const shown = rows.slice(0, MAX_ROWS);
  $("guide-rows").replaceChildren(...shown.map(guideRow));
  $("guide-count").textContent =
    rows.length > MAX_ROWS
      ? `${MAX_ROWS} of ${rows.length} rows`
      : `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
}

function guideRow(row) {
  return make(
    "li",
    {},
    make("p", { class: "not", dir: "auto" }, make("span", { class: "tag" }, "Not"), make("span", {}, row.dont_say)),
    make("p", { class: "say", dir: "auto" }, make("span", { class: "tag" }, "Say"), make("span", {}, row.say)),
    row.why ? make("p", { class: "why", dir: "auto" }, row.why) : null,
  );
}
