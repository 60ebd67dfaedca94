// Talks to the coach. Whatever goes wrong becomes an Error whose message is one line for a person.

import { $, complain } from "./dom.js";

const PATIENCE_MS = 180_000;
let signingIn = null;

export const get = (path) => call(path, {});

export const post = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

async function call(path, options) {
  let response = await send(path, options);
  if (response.status === 401) {
    signingIn ??= signIn().finally(() => {
      signingIn = null;
    });
    await signingIn;
    response = await send(path, options);
  }
  return read(response);
}

async function send(path, options) {
  try {
    return await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    if (error.name === "TimeoutError") throw new Error("The coach took too long. Your text is still here: try again.");
    throw new Error("The coach cannot be reached. Your text is still here: try again once its server runs.");
  }
}

async function read(response) {
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  throw new Error(body?.error ?? `The coach answered with an error (${response.status}). Your text is still here.`);
}

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
