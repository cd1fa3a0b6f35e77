// What stands around a list follows its address. htmx changes the rows and the address as filters change; what would save
// the list as a view, show other columns of it, or come back to it was written when the page was opened.
const OF_THE_LIST = ["sort", "view", "columns"];
const OF_ITSELF = ["view", "columns", "cursor"];

function keep(form, asked, isKept, before) {
  for (const input of form.querySelectorAll("input[type='hidden']")) {
    if (isKept(input.name)) {
      input.remove();
    }
  }
  for (const [name, value] of asked.filter(([name]) => isKept(name))) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name });
    input.setAttribute("value", value);
    form.insertBefore(input, before ?? null);
  }
}

function follow() {
  const asked = [...new URLSearchParams(location.search)].filter(([, value]) => value);
  for (const input of document.querySelectorAll("[data-address='query']")) {
    input.setAttribute("value", location.search.slice(1));
  }
  for (const input of document.querySelectorAll(".language-form [name='next'], [data-theme-form] [name='next']")) {
    input.setAttribute("value", location.pathname + location.search);
  }
  for (const form of document.querySelectorAll(".choose-columns")) {
    keep(form, asked, (name) => !OF_ITSELF.includes(name), form.firstChild);
  }
  for (const form of document.querySelectorAll("form.filters")) {
    keep(form, asked, (name) => OF_THE_LIST.includes(name));
    const fields = new Set([...form.elements].filter((one) => one.type !== "hidden").map((one) => one.name));
    const filled = asked.filter(([name]) => fields.has(name)).map(([name]) => name);
    form.querySelector("[data-clear]")?.toggleAttribute("hidden", filled.length === 0);
    const count = form.parentElement.querySelector("[data-filled]");
    const inside = filled.filter((name) => name !== "q").length;
    count?.replaceChildren(String(inside));
    count?.toggleAttribute("hidden", inside === 0);
  }
}

document.addEventListener("htmx:pushedIntoHistory", follow);
document.addEventListener("htmx:historyRestore", follow);
