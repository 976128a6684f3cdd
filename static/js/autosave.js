/**
 * Save an answer as soon as it is complete, and show whether it was saved.
 *
 * A save sends the whole form, and there is one save at a time. A save whose
 * outcome is unknown waits in this page, and nowhere else on the device: it is
 * sent again, under the same key, after ever longer pauses and as soon as the
 * network is back, until it is answered. If the expert presses a button before
 * that, the page continues then. Each form of a page waits by itself. The texts
 * are data of the status element. Without this script, the form's button saves.
 */
const LONGEST_PAUSE = 30; // seconds
const TYPING_PAUSE = 1500; // milliseconds
const PATIENCE = 20_000; // milliseconds, after which an answer is no longer waited for
const TRY_AGAIN = [408, 425, 429]; // refusals of the moment, not of the answer
const LONGEST_REFUSAL = 120; // seconds that the service may ask to wait

export default function autosave(form) {
  const status = form.querySelector("[data-saving]");
  const { key, base } = form.elements;
  let stored = content(original(form));
  let sent = null; // the content that is being sent, or waits for the network
  let pressed = null; // the button to continue by, once all is saved
  let trouble = null; // why the last attempt failed
  let used = false; // whether this script has sent the key that is in the form
  let leaving = false;
  let holding = false; // a button, or anything else, is held down
  let typing;

  if (status.dataset.at) sayTime(status, status.dataset.at);

  function save() {
    clearTimeout(typing);
    if (sent !== null || !isComplete(form) || content(form) === stored) return;
    renewKey();
    sent = content(form);
    deliver(new URLSearchParams(new FormData(form)));
  }

  async function deliver(body) {
    status.textContent = status.dataset.saving;
    const answer = await untilAnswered(form.action, body, (why) => {
      trouble = why;
      status.textContent = status.dataset[why];
      if (pressed) sayOnward();
    });
    trouble = null;
    if (answer.status === 409) {
      leaving = true;
      form.submit(); // nothing is stored: the page that answers shows both
    } else if (answer.saved === null) {
      sent = pressed = null;
      status.textContent = status.dataset.refused;
    } else {
      keep(answer.saved);
    }
  }

  function keep({ version, saved_at }) {
    base.value = version;
    stored = sent;
    sent = null;
    sayTime(status, saved_at);
    form.dispatchEvent(new Event("answer-saved", { bubbles: true })); // for what shows its effect
    save();
    if (sent === null && pressed) goOn();
  }

  /** All is saved: press the button again, once the service answers. */
  async function goOn() {
    if (!navigator.onLine) {
      sayOnward();
      // A browser without network knows nothing of a service on the same machine.
      await untilAnswered(location.href, null, () => {});
    }
    if (sent !== null || pressed === null) return; // changed since
    leaveBy(pressed);
    pressed.click();
  }

  /** A saved answer keeps its key, so that it is not saved twice. */
  function leaveBy(button) {
    if (content(form) !== stored || button?.dataset.changes !== undefined) renewKey();
    leaving = true;
  }

  /** The key that came with the page goes first: the form may have been sent before this script started. */
  function renewKey() {
    if (used) key.value = newKey();
    used = true;
  }

  function sayOnward() {
    status.append("\n", status.dataset.onward);
  }

  form.addEventListener("change", () => holding || save());
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(save, TYPING_PAUSE);
  });
  form.addEventListener("submit", (event) => {
    if (leaving) return;
    save();
    if (sent === null && navigator.onLine) return leaveBy(event.submitter);
    event.preventDefault();
    const waits = pressed !== null;
    pressed = event.submitter || form.querySelector(".actions .button");
    if (waits) return;
    if (sent === null) goOn();
    else if (trouble) sayOnward();
  });
  // A field that is left by pressing a button changes at once, and the status of its save would
  // move the button away from under the finger.
  addEventListener("pointerdown", () => {
    holding = true;
  });
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => {
      holding = false;
      setTimeout(save);
    });
  }
  addEventListener("beforeunload", (event) => {
    if (leaving || (sent === null && (content(form) === stored || !isComplete(form)))) return;
    event.preventDefault();
    event.returnValue = "";
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    leaving = false; // the expert came back to the page as it was left
    pressed = null;
  });
}

/** Ask until the service answers; `unheard` gets the reason each time it did not. */
async function untilAnswered(url, body, unheard) {
  for (let pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    let why = "offline";
    let asked = 0;
    try {
      const answer = await fetch(url, {
        method: body ? "POST" : "HEAD",
        body,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status < 500 && !TRY_AGAIN.includes(answer.status)) return { status: answer.status, saved: body && answer.ok ? await answer.json() : null };
      why = "unsaved";
      asked = Math.min(Number(answer.headers.get("Retry-After")) || 0, LONGEST_REFUSAL);
    } catch {
      // No answer: whether it was stored is not known.
    }
    unheard(why);
    if (asked) await new Promise((resolve) => setTimeout(resolve, 1000 * asked));
    else await networkOrPause(1000 * pause);
  }
}

function networkOrPause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    addEventListener("online", resolve, { once: true, signal: AbortSignal.timeout(milliseconds) });
  });
}

/** The answer alone, to be compared. */
function content(form) {
  const fields = new URLSearchParams(new FormData(form));
  for (const name of ["csrf_token", "key", "base"]) fields.delete(name);
  return fields.toString();
}

/** The form as the server sent it: an answer may be chosen before this script comes. */
function original(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return copy;
}

/** A side that counts more needs its strength; nothing may be marked as wrong. */
function isComplete(form) {
  if (form.querySelector("[aria-invalid=true]")) return false;
  const { direction, strength } = form.elements;
  if (!direction) return true;
  return ["same", "cannot"].includes(direction.value) || Boolean(direction.value && strength.value);
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The time in the reader's own zone. */
function sayTime(status, moment) {
  const time = new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" });
  status.textContent = status.dataset.saved.replace("{time}", time);
}
