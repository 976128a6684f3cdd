/**
 * Save an answer as soon as it is complete, and say what became of it.
 *
 * What is sent is the form as it stands, one save at a time; a save whose
 * outcome is unknown is sent again, under the same key, until it is answered.
 * The words stand on the status element. Without this script, the form's own
 * button saves.
 */
const LONGEST_PAUSE = 30; // seconds
const TYPING_PAUSE = 1500; // milliseconds

export default function autosave(form) {
  const status = form.querySelector("[data-saving]");
  const { key, base } = form.elements;
  let stored = content(original(form));
  let sent = null; // what is on its way
  let button = null; // pressed while a save was on its way
  let leaving = false;
  let typing;

  if (status.dataset.at) sayTime(status, status.dataset.at);

  function save() {
    clearTimeout(typing);
    if (sent !== null || !isComplete(form) || content(form) === stored) return;
    key.value = newKey();
    sent = content(form);
    send(new URLSearchParams(new FormData(form)), 1);
  }

  async function send(body, pause) {
    status.textContent = status.dataset.saving;
    let answer = null;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch {
      // Nobody answered: whether it was stored is not known.
    }
    if (answer === null || answer.status >= 500) {
      status.textContent = status.dataset.unsaved;
      setTimeout(send, 1000 * pause, body, Math.min(2 * pause, LONGEST_PAUSE));
    } else if (answer.ok) {
      keep(await answer.json());
    } else if (answer.status === 409) {
      leaving = true;
      form.submit(); // nothing is stored: the page that answers shows both
    } else {
      sent = null;
      status.textContent = status.dataset.refused;
    }
  }

  function keep({ version, saved_at }) {
    base.value = version;
    stored = sent;
    sent = null;
    sayTime(status, saved_at);
    form.dispatchEvent(new Event("answer-saved", { bubbles: true })); // for what shows its effect
    if (button) button.click();
    else save();
  }

  form.addEventListener("change", save);
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(save, TYPING_PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(typing);
    if (sent !== null) {
      event.preventDefault();
      button = event.submitter || form.querySelector(".actions .button");
      return;
    }
    if (content(form) !== stored) key.value = newKey();
    leaving = true;
  });
  addEventListener("beforeunload", (event) => {
    if (leaving || (sent === null && (content(form) === stored || !isComplete(form)))) return;
    event.preventDefault();
    event.returnValue = "";
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
  const time = new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  status.textContent = status.dataset.saved.replace("{time}", time);
}
