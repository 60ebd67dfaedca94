// What a person thinks of an answer: two thumbs, one of which can be pressed.

import { post } from "./api.js";
import { $, announce, complain, make } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const THUMB =
  "M7 10v11M7 10l4.2-7.3a2 2 0 0 1 2.7 1.9L13 9h5.6a2.4 2.4 0 0 1 2.3 3l-1.8 6.9A2.8 2.8 0 0 1 16.4 21H7" +
  "M7 10H4.4A1.4 1.4 0 0 0 3 11.4v8.2A1.4 1.4 0 0 0 4.4 21H7";

/** The two buttons for the answer to the message `id` of a thread. */
export function thumbs(thread, id) {
  let wanted = null;
  let noted = null;
  let isBusy = false;
  const buttons = [thumb("up", "Good answer"), thumb("down", "Not a good answer")];

  const show = () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.reaction === wanted));
  };

  /** Sends one reaction at a time, so that the last one pressed is the last one noted. */
  async function send() {
    if (isBusy) return;
    isBusy = true;
    complain($("ask-error"), "");
    try {
      while (noted !== wanted) {
        const reaction = wanted;
        await post("api/feedback", { thread, id, reaction });
        noted = reaction;
        announce("Noted, thank you");
      }
    } catch (error) {
      wanted = noted;
      show();
      complain($("ask-error"), error.message);
    } finally {
      isBusy = false;
    }
  }

  for (const button of buttons)
    button.addEventListener("click", () => {
      wanted = button.dataset.reaction;
      show();
      send();
    });
  return buttons;
}

function thumb(reaction, name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", THUMB);
  drawing.append(path);
  return make(
    "button",
    {
      type: "button",
      class: "thumb",
      "data-reaction": reaction,
      "aria-label": name,
      "aria-pressed": "false",
      title: name,
    },
    drawing,
  );
}
