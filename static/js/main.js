/**
 * Start the behaviours a page asks for: data-module="a b" on an element loads
 * a.js and b.js from this folder and hands the element to each. Every page
 * works before, and without, any of them.
 */
for (const element of document.querySelectorAll("[data-module]")) {
  for (const name of element.dataset.module.split(/\s+/).filter(Boolean)) {
    import(`./${name}.js`).then((module) => module.default(element));
  }
}
