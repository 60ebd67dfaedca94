// The page's start: its two views, by address, and what the lessons bring to them.

import { offerExamples, setUpAsk } from "./ask.js";
import { $, complain, focusOn } from "./dom.js";
import { guideRows, loadLessons, setUpGuide, showGuide } from "./lessons.js";
import { setUpReview } from "./review.js";

const VIEWS = ["ask", "review"];

/** Shows the view that the address names. */
function showView({ takesFocus }) {
  const name = VIEWS.find((view) => location.hash === `#${view}`) ?? VIEWS[0];
  for (const view of VIEWS) {
    $(`view-${view}`).hidden = view !== name;
    const link = document.querySelector(`a[href="#${view}"]`);
    if (view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${name === "ask" ? "Ask" : "Review"} · Field Coach`;
  if (takesFocus) focusOn($(`${name}-title`));
}

async function load() {
  try {
    const [lessons, rows] = await Promise.all([loadLessons(), guideRows()]);
    offerExamples(lessons, rows);
    showGuide(rows);
  } catch (error) {
    complain($(`${location.hash === "#review" ? "review" : "ask"}-error`), error.message);
  }
}

setUpAsk();
setUpReview();
setUpGuide();
addEventListener("hashchange", () => showView({ takesFocus: true }));
showView({ takesFocus: false });
load();
