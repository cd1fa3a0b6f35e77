// Installs the service worker, and keeps only what belongs to whoever is signed in here. A form is not sent without a
// connection: what was typed stays in it.
const keeper = document.querySelector("meta[name=keeper]")?.content ?? "";

// A panel that would come by itself stays the link that stands in it: without a connection there is nothing to complain about.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!navigator.onLine && event.detail.elt.getAttribute("hx-trigger") === "load") {
    event.preventDefault();
  }
});

if ("serviceWorker" in navigator && window.isSecureContext) {
  const before = navigator.serviceWorker.controller;
  navigator.serviceWorker.register("/sw.js").catch(() => {});
  if (!before) {
    navigator.serviceWorker.ready.then((worker) => worker.active.postMessage("keep"));
  }
}
if (window.isSecureContext) {
  for (const name of await caches.keys()) {
    if (name.startsWith("kept-") && name !== `kept-${keeper}`) {
      await caches.delete(name);
    }
  }
}

document.addEventListener("submit", (event) => {
  const posts = (event.submitter?.formMethod || event.target.method) === "post";
  if (posts && !event.defaultPrevented && !navigator.onLine && !event.target.matches("[data-even-offline]")) {
    event.preventDefault();
    const detail = { text: document.getElementById("toasts").dataset.offline, kind: "bad", of: "offline" };
    document.dispatchEvent(new CustomEvent("toast", { detail }));
  }
});
