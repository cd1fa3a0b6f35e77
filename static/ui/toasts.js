// Toasts: short sentences from the server (HX-Trigger: toast), and messages that came with the page.
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

function say({ text, kind = "ok", undo = "" }) {
  const toast = document.createElement("p");
  toast.className = `toast ${kind}`;
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(words);
  if (undo) {
    toast.append(
      button(box.dataset.undo, box.dataset.undo, () => {
        toast.remove();
        htmx.ajax("POST", undo, { target: "body", swap: "none" });
      }),
    );
  }
  toast.append(button("×", box.dataset.close, () => toast.remove()));
  box.append(toast);
  dismissLater(toast);
}

document.addEventListener("toast", (event) => say(event.detail));
document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast")?.remove());
for (const toast of box.querySelectorAll(".toast")) {
  if (!toast.matches(".bad")) {
    dismissLater(toast);
  }
}

// An answer that cannot be shown must not pass in silence.
document.addEventListener("htmx:sendError", () => say({ text: box.dataset.offline, kind: "bad" }));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 401) {
    say({ text: box.dataset.failed, kind: "bad" });
  }
});
