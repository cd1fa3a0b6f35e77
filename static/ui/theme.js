// The theme switch without a page load. Without this script its form posts the same choice.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-theme-form]");
  const chosen = event.submitter?.value;
  if (!form || !chosen) {
    return;
  }
  event.preventDefault();
  const root = document.documentElement;
  if (chosen === "auto") {
    delete root.dataset.theme;
    document.cookie = "theme=;path=/;max-age=0;samesite=lax";
  } else {
    root.dataset.theme = chosen;
    document.cookie = `theme=${chosen};path=/;max-age=31536000;samesite=lax`;
  }
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
});
