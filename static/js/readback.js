/**
 * Read a judgement back while it is chosen: the sentence, and the balance.
 * The sentences are the page's templates, the figures those of its steps.
 */
export default function readback(form) {
  const section = form.querySelector(".balance");
  const says = section.querySelector("output");

  form.addEventListener("change", ({ target }) => {
    if (target.name) answered(target.closest("fieldset")); // a toggle answers nothing
    const side = form.elements.direction.value;
    const step = form.querySelector("[name=strength]:checked");
    const judged = side === "same" || (["first", "second"].includes(side) && step !== null);
    section.hidden = !judged;
    if (!judged) return;

    const sentence = form.querySelector(`template[data-says="${side}"]`).content.cloneNode(true);
    const times = sentence.querySelector(".times");
    if (times) times.textContent = step.closest(".step").querySelector(".ratio").textContent;
    says.replaceChildren(sentence);

    const ratio = side === "same" ? 1 : Number(step.value);
    // The first side on the page is not always the comparison's own first.
    const behind = form.querySelector(".side-that > .choice :checked");
    balance(section, behind ? 1 / (ratio + 1) : ratio / (ratio + 1));
  });
}

/** Remove the fault of an answer that was missing and is given now. */
function answered(part) {
  part?.querySelector(":scope > .wrong")?.remove();
  part?.removeAttribute("aria-describedby");
}

/** Place the counterpoise between the two sides; share is the first one's. */
function balance(section, share) {
  const beam = section.querySelector(".beam");
  const mirrored = document.documentElement.dir === "rtl";
  const at = percent(mirrored ? 1 - share : share);
  set(beam.querySelector("rect.this"), { x: mirrored ? at : 0, width: percent(share) });
  set(beam.querySelector("rect.that-side"), { x: mirrored ? 0 : at, width: percent(1 - share) });
  set(beam.querySelector(".gap"), { x1: at, x2: at });
  set(beam.querySelector("svg"), { x: at });
  for (const figure of beam.querySelectorAll("text")) {
    figure.classList.toggle("strong", Math.abs(parseFloat(figure.getAttribute("x")) - parseFloat(at)) < 0.1);
  }
  beam.setAttribute("aria-hidden", "true"); // the sentence and the figures below say it
  const figures = section.querySelectorAll(".num");
  // The larger is rounded, the other is what remains: 7 times is 88 and 12, as the server says it.
  const larger = Math.round(100 * Math.max(share, 1 - share));
  const said = share < 0.5 ? [100 - larger, larger] : [larger, 100 - larger];
  said.forEach((part, place) => {
    figures[place].textContent = figures[place].textContent.replace(/\d+/, part);
  });
}

function percent(share) {
  return `${Math.round(10000 * share) / 100}%`;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
