// A form that was sent and of which no page of ours came back: the connection broke, or nobody was signed in any more.
// What was typed is kept in this tab until the next page opens, and stands in its form again on the way back. Never kept:
// passwords, files, and what somebody else typed who was signed in here before.
const STORE = "unsent";
const BACK = "#unsent";
const keeper = document.querySelector("meta[name=keeper]")?.content ?? "";
const words = document.getElementById("toasts")?.dataset;

function typed(form) {
  return [...form.elements]
    .map((one, place) => ({ place, name: one.name, type: one.type, value: one.value, checked: one.checked }))
    .filter((one) => one.name && !["hidden", "file", "password", "submit", "button", "reset", "image"].includes(one.type));
}

function pathOf(address) {
  return new URL(address || location.href, location.href).pathname;
}

// `action` tells the form, `sent` where it went: a button may send it elsewhere. By attributes: a field may be called "action".
function keep(form, submitter) {
  const fields = typed(form);
  if (!keeper || form.querySelector("[type='password']") || !fields.some((one) => one.value.trim())) {
    return;
  }
  const page = location.pathname + location.search;
  const action = pathOf(form.getAttribute("action"));
  const draft = { keeper, page, action, sent: pathOf(submitter?.getAttribute("formaction") ?? action), fields };
  try {
    sessionStorage.setItem(STORE, JSON.stringify(draft));
  } catch {
    // full: then it is as without this module
  }
}

function fieldOf(form, { place, name, type, value }) {
  const same = (one) => one?.name === name && one.type === type;
  if (type === "radio" || type === "checkbox") {
    return [...form.elements].find((one) => same(one) && one.value === value);
  }
  return same(form.elements[place]) ? form.elements[place] : [...form.elements].find(same);
}

function putBack(draft) {
  const asks = (form) => draft.fields.every((one) => [...form.elements].some((other) => other.name === one.name));
  const form = [...document.forms].find((one) => one.getAttribute("method") === "post"
    && pathOf(one.getAttribute("action")) === draft.action && asks(one));
  if (!form) {
    return false;
  }
  for (const one of draft.fields) {
    const field = fieldOf(form, one);
    if (field && (field.type === "radio" || field.type === "checkbox")) {
      field.checked = one.checked;
    } else if (field) {
      field.value = one.value;
    }
  }
  for (let around = form.closest("details"); around; around = around.parentElement?.closest("details")) {
    around.open = true;
  }
  form.scrollIntoView({ block: "center" });
  return true;
}

function say(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "bad", of: "unsent" } }));
}

const draft = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
const returned = location.hash === BACK;
const again = returned || ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);
sessionStorage.removeItem(STORE);
if (returned) {
  history.replaceState(history.state, "", location.pathname + location.search);
}
const here = draft?.keeper === keeper && draft.page === location.pathname + location.search;
function restored() {
  const done = again && here && putBack(draft);
  if (done) {
    say(words.unsent);
  }
  return done;
}

if (!restored()) {
  if (again && here && document.querySelector("[hx-trigger='load']")) {
    // Its form may stand in a panel that is still on its way.
    document.addEventListener("htmx:afterSettle", function late() {
      if (restored()) {
        document.removeEventListener("htmx:afterSettle", late);
      }
    });
  } else if (returned) {
    say(words.undone);
  }
}

// On the window: whatever else holds a form back has had its say.
window.addEventListener("submit", (event) => {
  if (event.target.getAttribute("method") === "post" && !event.defaultPrevented) {
    keep(event.target, event.submitter);
  }
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = event.detail.xhr.status === 401 && event.detail.elt.closest("form");
  if (form) {
    keep(form);
  }
});
