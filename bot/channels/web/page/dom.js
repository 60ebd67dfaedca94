// Builds elements. Text only ever becomes text nodes: nothing that a lesson or a draft holds is read as markup.

export const $ = (id) => document.getElementById(id);

/** Makes an element; `properties` are attributes, but for functions, which listen to the event they are named for. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Says something to a screen reader, also when it is what was said last. */
export function announce(line) {
  const status = $("status");
  status.textContent = status.textContent === line ? `${line}\u00a0` : line;
}

/** Shows one line of error, or clears it. */
export function complain(element, line) {
  element.textContent = line;
}

/** Brings focus to an element that is not a control. */
export function focusOn(element) {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

/** A button that copies what `text()` gives, and says that it has. */
export function copyButton(label, text, { className = "quiet" } = {}) {
  const button = make("button", { type: "button", class: className }, label);
  button.addEventListener("click", async () => {
    const copied = await copy(text());
    announce(copied ? "Copied" : "Your browser did not let the page copy");
    button.textContent = copied ? "Copied" : "Not copied";
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByEvent(text); // no clipboard interface: plain http off this machine
  }
}

/** Fills a copy event, which unlike a hidden text field keeps every line ending. */
function copyByEvent(text) {
  const fill = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", fill);
  try {
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", fill);
  }
}
