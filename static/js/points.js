/**
 * Divide points without a request: + and −, the bars, and the points that are left.
 * The server reads the same digits and does the same sums without a script.
 */
export default function points(form) {
  const inputs = [...form.querySelectorAll(".stepper input")];
  const says = form.querySelector(".left-head output");
  const step = Number(form.dataset.step);

  form.addEventListener("click", (event) => {
    const button = event.target.closest(".stepper button");
    if (!button) return;
    event.preventDefault();
    const input = button.parentElement.querySelector("input");
    const given = (read(input.value) || 0) + (button.name === "more" ? step : -step);
    input.value = typed(Math.min(Math.max(given, 0), 100));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Enter would load the page again, and begin at its head.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !inputs.includes(event.target)) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });

  form.addEventListener("input", (event) => {
    if (!inputs.includes(event.target)) return;
    for (const input of inputs) {
      const wrong = Number.isNaN(read(input.value));
      if (wrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      bar(input.closest(".point"), read(input.value) || 0, Number(form.dataset.top));
    }
    const sum = inputs.reduce((total, input) => total + (read(input.value) || 0), 0);
    const left = Math.round(100 * (100 - sum)) / 100;
    const words = form.querySelector(`template[data-says="${left > 0 ? "left" : left < 0 ? "over" : "none"}"]`).content.cloneNode(true);
    const figure = words.querySelector("b");
    if (figure) figure.textContent = typed(Math.abs(left));
    says.replaceChildren(words);
    beam(form.querySelector(".left-over .beam"), Math.min(sum / 100, 1));
  });
}

/** Points as they are typed; null for nothing, NaN for what is no number from 0 to 100. */
function read(text) {
  const plain = text
    .normalize("NFKC")
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 15)
    .replace(/[,\u066b]/, ".")
    .replace(/\s/g, "");
  if (plain === "") return null;
  const number = /^\d*\.?\d*$/.test(plain) ? Number(plain) : NaN;
  return number <= 100 ? number : NaN;
}

/** A number as this language types it: 12.5, or 12,5. */
function typed(number) {
  const how = { useGrouping: false, maximumFractionDigits: 2, numberingSystem: "latn" };
  return number.toLocaleString(document.documentElement.lang, how);
}

function bar(line, given, top) {
  const drawing = line.querySelector("svg");
  let ink = drawing.querySelector(".ink-bar");
  if (!ink) {
    ink = drawing.querySelector(".track").cloneNode();
    ink.setAttribute("class", "ink-bar");
    drawing.insertBefore(ink, drawing.querySelector(".zero"));
  }
  extend(ink, Math.min(given / top, 1));
}

function beam(drawing, share) {
  extend(drawing.querySelector(".dot"), share);
  const at = document.documentElement.dir === "rtl" ? 1 - share : share;
  drawing.querySelector("svg").setAttribute("x", `${100 * at}%`);
}

function extend(box, share) {
  box.setAttribute("width", `${100 * share}%`);
  box.setAttribute("x", document.documentElement.dir === "rtl" ? `${100 * (1 - share)}%` : "0");
}
