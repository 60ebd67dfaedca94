// Talks to the coach. Whatever goes wrong becomes an Error whose message is one line for a person.

import { $, complain } from "./dom.js";
import { isStream, replyOf } from "./stream.js";

const PATIENCE_MS = 180_000;
const LOOK_MS = 1_000; // how often a reply whose stream broke off is looked for
const unanswered = {}; // by path: the last message of which nobody knows whether it was taken
let signingIn = null;

export const get = async (path) => read(await call(path));

export const post = async (path, body) => read(await call(path, posting(body)));

/** A name that nobody else has. */
export const newName = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

/**
 * Sends a question or a draft; tried again after a broken connection it has the same id, so it is answered once.
 * `hear` has functions for what comes before the reply: `status` and `delta`, each given {text}.
 */
export async function say(path, body, hear) {
  const text = JSON.stringify(body);
  const id = unanswered[path]?.text === text ? unanswered[path].id : newName();
  unanswered[path] = { text, id };
  try {
    const reply = await replyTo(path, { ...body, id }, hear);
    delete unanswered[path];
    return reply;
  } catch (error) {
    if (!error.isOpen) delete unanswered[path];
    throw error;
  }
}

/** Hears a message's stream out; where that breaks off, its reply is asked for instead. */
async function replyTo(path, message, hear) {
  const response = await call(path, posting(message, { Accept: "text/event-stream, application/json" }));
  if (!isStream(response)) return read(response);
  const last = await replyOf(response, hear).catch(unreached);
  return last ? replied(last.status, last.reply) : kept(message.id);
}

/** Asks for the reply to a message until it is there. */
async function kept(id) {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const response = await call(`api/replies/${id}`);
    if (response.status !== 202 || Date.now() > until) return read(response);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

const posting = (body, headers = {}) => ({
  method: "POST",
  headers: { "Content-Type": "application/json", ...headers },
  body: JSON.stringify(body),
});

/** Sends a request, once more after signing in where that is asked for. */
async function call(path, options = {}) {
  const response = await send(path, options);
  if (response.status !== 401) return response;
  signingIn ??= signIn().finally(() => {
    signingIn = null;
  });
  await signingIn;
  return send(path, options);
}

const send = (path, options) =>
  fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(unreached);

function unreached(error) {
  const line =
    error.name === "TimeoutError"
      ? "The coach took too long. Your text is still here: try again."
      : "The coach cannot be reached. Your text is still here: try again once its server runs.";
  throw failure(line, { isOpen: true });
}

const read = async (response) => replied(response.status, await response.json().catch(() => null));

/** Gives the body of what went well. */
function replied(status, body) {
  if (status < 300 && status !== 202 && body !== null) return body;
  const line =
    status === 202
      ? "The coach is not done yet. Your text is still here: try again."
      : (body?.error ?? `The coach answered with an error (${status}). Your text is still here.`);
  throw failure(line, { isOpen: body === null || status === 202 || status >= 502, isGone: status === 410 });
}

/** An error; `isOpen` says that what was sent may be under way all the same, `isGone` that it can never be again. */
const failure = (line, kind) => Object.assign(new Error(line), kind);

/** Asks for the token until it is right; rejects when the person closes the dialog. */
function signIn() {
  const dialog = $("signin");
  const form = $("signin-form");
  return new Promise((resolve, reject) => {
    const submit = async (event) => {
      event.preventDefault();
      try {
        await read(
          await send("api/signin", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ token: $("token").value }),
          }),
        );
        dialog.close("signed in");
      } catch (error) {
        complain($("signin-error"), error.message);
        $("token").select();
      }
    };
    const close = () => {
      form.removeEventListener("submit", submit);
      form.reset();
      complain($("signin-error"), "");
      if (dialog.returnValue === "signed in") resolve();
      else reject(new Error("Sign in to use the coach."));
    };
    dialog.returnValue = "";
    form.addEventListener("submit", submit);
    dialog.addEventListener("close", close, { once: true });
    dialog.showModal();
    $("token").focus();
  });
}
