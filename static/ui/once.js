// A form goes once: a second click, or an impatient tap while it is under way, does nothing. After a while it may be sent
// again, and at once when the page is shown anew: an answer that never comes must not shut the form for good.
const LONGEST = 10000;
let underWay = new WeakMap();
const asking = new WeakSet();

window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") {
    return;
  }
  if (Date.now() - (underWay.get(form) ?? -LONGEST) < LONGEST) {
    event.preventDefault();
    return;
  }
  underWay.set(form, Date.now());
});
window.addEventListener("pageshow", () => {
  underWay = new WeakMap();
});

// What htmx sends: it would keep the second until the first is back.
document.addEventListener("htmx:confirm", (event) => {
  if (event.detail.verb !== "get" && asking.has(event.detail.elt)) {
    event.preventDefault();
  }
});
document.addEventListener("htmx:beforeRequest", (event) => asking.add(event.detail.elt));
document.addEventListener("htmx:afterRequest", (event) => asking.delete(event.detail.elt));
