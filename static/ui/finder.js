// The search as a dialog over any page: "/" or Ctrl-K opens it, arrows walk what is found, Enter opens. Without this
// module the field at the side leads to the page of search, which shows the same.
const finder = document.getElementById("finder");
const field = finder?.querySelector("input");

function open() {
  if (!finder.open) {
    finder.showModal();
  }
  field.select();
  htmx.trigger(field, "look");
}

function walk(event) {
  if (event.key === "Escape") {  // in a search field the first Esc would only empty it
    event.preventDefault();
    finder.close();
    return;
  }
  const links = [...finder.querySelectorAll("[data-find]")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !links.length) {
    return;
  }
  event.preventDefault();
  const next = links.indexOf(document.activeElement) + step;
  if (next < 0) {
    field.focus();
  } else {
    links[Math.min(next, links.length - 1)].focus();
  }
}

if (finder) {
  document.addEventListener("find", open);
  finder.addEventListener("keydown", walk);
  finder.addEventListener("keydown", (event) => {
    const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (letter && event.target.matches("[data-find]") && event.key !== " ") {
      field.focus();
    }
  });
  finder.querySelector("form").addEventListener("submit", (event) => {
    const first = finder.querySelector("[data-find]");
    if (first && field.value.trim()) {
      event.preventDefault();
      first.click();
    }
  });
  document.querySelector(".side .search input")?.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
}
