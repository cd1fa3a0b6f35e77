// Dialogs and menus. <button data-dialog="id"> opens <dialog id="id">; data-close shuts it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    document.getElementById(opener.dataset.dialog)?.showModal();
    return;
  }
  const dialog = event.target.closest("dialog");
  if (dialog && (event.target.closest("[data-close]") || event.target === dialog)) {
    dialog.close();
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") {
    return;
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// <form data-confirm="Really?"> asks before it is sent.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset?.confirm;
  if (question && !confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// Over plain http a browser gives no clipboard: the text is shown and selected, to be copied by hand.
function showSelected(button) {
  let text = button.parentElement.querySelector(".copy-by-hand");
  if (!text) {
    text = document.createElement("input");
    text.className = "copy-by-hand";
    text.readOnly = true;
    text.value = button.dataset.copy;
    text.ariaLabel = document.getElementById("toasts").dataset.byHand;
    button.after(text);
  }
  text.focus();
  text.select();
  const detail = { text: document.getElementById("toasts").dataset.byHand, kind: "warn" };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
}

// data-copy copies its text; the button says so for a moment.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) {
    return;
  }
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    showSelected(button);
    return;
  }
  const detail = { text: button.dataset.copied ?? "✓", kind: "ok" };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
});
