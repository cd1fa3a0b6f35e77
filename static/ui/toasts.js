// Toasts: short sentences from the server (HX-Trigger: toast), and messages that came with the page.
// They go by themselves, but for bad news and for an offer to undo: those stay until they are dismissed.
const STAY = 6000;
const box = document.getElementById("toasts");

function dismissLater(toast) {
  let timer = setTimeout(() => toast.remove(), STAY);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => {
    timer = setTimeout(() => toast.remove(), STAY / 2);
  });
}

function button(text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.ariaLabel = label;
  made.addEventListener("click", act);
  return made;
}

// One that is `of` something takes the place of the former one of it.
function say({ text, kind = "ok", undo = "", href = "", of = "" }) {
  if (of) {
    box.querySelectorAll(`[data-of="${CSS.escape(of)}"]`).forEach((former) => former.remove());
  }
  const toast = document.createElement("p");
  toast.dataset.of = of;
  toast.className = `toast ${kind}`;
  const words = document.createElement(href ? "a" : "span");
  words.textContent = text;
  if (href) {
    words.href = href;
  }
  toast.append(words);
  if (undo) {
    const back = button(box.dataset.undo, box.dataset.undo, () => {
      toast.remove();
      htmx.ajax("POST", undo, { target: "body", swap: "none" });
    });
    back.className = "undo";
    toast.append(back);
  }
  toast.append(button("×", box.dataset.close, () => toast.remove()));
  box.append(toast);
  if (!undo && kind !== "bad") {
    dismissLater(toast);
  }
}

document.addEventListener("toast", (event) => say(event.detail));
document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast")?.remove());
for (const toast of box.querySelectorAll(".toast")) {
  if (!toast.matches(".bad") && !toast.querySelector("[formaction]")) {
    dismissLater(toast);
  }
}

// An answer that cannot be shown must not pass in silence; each kind of status has its own sentence.
const SAID = { 403: "refused", 404: "gone", 409: "stale", 410: "gone", 412: "stale", 429: "often" };

function failure(status) {
  const kind = SAID[status] ?? (status >= 500 ? "server" : "failed");
  return box.dataset[kind];
}

document.addEventListener("htmx:sendError", () => say({ text: box.dataset.offline, kind: "bad" }));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status !== 401) {
    say({ text: failure(status), kind: "bad" });
  }
});
