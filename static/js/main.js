/**
 * Start the behaviours a page asks for: data-module="a b" on an element loads
 * a.js and b.js from this folder and passes the element to each. Every page
 * works before, and without, any of them: they get what was chosen or typed
 * before they started, and data-started says that they have started.
 */
for (const element of document.querySelectorAll("[data-module]")) start(element);

async function start(element) {
  const names = element.dataset.module.split(/\s+/).filter(Boolean);
  await Promise.all(names.map(async (name) => (await import(`./${name}.js`)).default(element)));
  for (const control of element.querySelectorAll("input, textarea")) {
    if (control.value === control.defaultValue && control.checked === control.defaultChecked) continue;
    for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
  }
  element.dataset.started = "";
}
