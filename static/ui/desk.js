// The lead desk by keys. Whatever carries data-key="r" is clicked by that key; in a list inside data-walk, j and k walk
// the rows and x chooses one. A verb pressed with nothing chosen means the row that one stands on.
const typing = "input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable]";

function rows() {
  return [...document.querySelectorAll("[data-walk] tbody tr")];
}

function here() {
  return document.querySelector("[data-walk] tr.here");
}

function stand(row) {
  here()?.classList.remove("here");
  row.classList.add("here");
  row.querySelector("th a, td a")?.focus();
  row.scrollIntoView({ block: "nearest" });
}

function walk(step) {
  const all = rows();
  const place = all.indexOf(here());
  const next = all[place < 0 ? 0 : Math.min(Math.max(place + step, 0), all.length - 1)];
  if (next) {
    stand(next);
  }
  return Boolean(next);
}

function choose() {
  const box = here()?.querySelector("input[name='pick']");
  if (box) {
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return Boolean(box);
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) {
    return false;
  }
  const form = target.closest("form.picking");
  if (form && !form.querySelector("[name='pick']:checked")) {
    const box = here()?.querySelector("input[name='pick']");
    if (box) {
      box.checked = true;
    }
  }
  target.focus();
  target.click();
  return true;
}

function act(key) {
  const walking = rows().length > 0;
  if (walking && (key === "j" || key === "k")) {
    return walk(key === "j" ? 1 : -1);
  }
  if (walking && key === "x") {
    return choose();
  }
  if (key === "i") {
    const first = document.querySelector("#desk-form .field :is(input, textarea, select)");
    first?.focus();
    return Boolean(first);
  }
  return press(key);
}

document.addEventListener("keydown", (event) => {
  const elsewhere = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented
    || document.querySelector("dialog[open]");
  if (elsewhere) {
    return;
  }
  if (event.target.closest?.(typing)) {
    if (event.key === "Escape") {
      event.target.blur();
    }
    return;
  }
  if (event.key.length === 1 && act(event.key)) {
    event.preventDefault();
  }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-walk] tbody tr");
  if (row && row !== here()) {
    here()?.classList.remove("here");
    row.classList.add("here");
  }
});
