// Quick-add without waiting for the net: each entry goes into a queue on this phone first, under the key that makes it
// count once, and leaves the queue when the server has it. The page itself is kept by the service worker, so that it opens
// without the net; what it says of token and key is then old, and both are made anew. Without this script the form posts
// as any form does.
const form = document.getElementById("quick");
const box = document.getElementById("quick-waiting");
const list = document.getElementById("quick-queue");
const latest = document.getElementById("quick-latest");
const counter = document.getElementById("quick-count");
const waits = document.getElementById("quick-waits");
const LONGEST_SIDE = 1600; // pixels of a photo that is kept: a card stays readable at a tenth of the bytes
const LONGEST_WAIT = 30 * 24 * 3600; // seconds; a clock that was set meanwhile must not date people years back
const LATER = [401, 403, 408, 425, 429]; // answers after which the same post may yet succeed
const PERSON = ["full_name", "phone", "wechat", "email"];
let sending = false;
let fewer = false; // than have arrived stand in the page that is kept
let correcting = null; // the refused entry that is back in the form

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("tandem-quick-add", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("queue", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inQueue(mode, act) {
  const database = await opened();
  return new Promise((resolve, reject) => {
    const step = database.transaction("queue", mode);
    const request = act(step.objectStore("queue"));
    step.oncomplete = () => resolve(request.result);
    step.onerror = () => reject(step.error);
  });
}

async function waiting() {
  const entries = await inQueue("readonly", (queue) => queue.getAll());
  return entries.filter((entry) => entry.user === form.dataset.user).sort((a, b) => a.at - b.at);
}

// The latest word of this page stands alone.
function say(text, kind = "ok") {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind, of: "quick" } }));
}

// A photo as small as a card needs it; as it is, where this browser cannot read it.
async function compressed(photo) {
  try {
    const image = await createImageBitmap(photo, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const smaller = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    return smaller && smaller.size < photo.size ? new File([smaller], "card.jpg", { type: "image/jpeg" }) : photo;
  } catch {
    return photo;
  }
}

async function entryOf(data) {
  const given = [...data.entries()].filter(([name, value]) => name !== "csrfmiddlewaretoken"
    && !(value instanceof File && !value.size));
  const fields = await Promise.all(given.map(async ([name, value]) => [
    name, value instanceof File ? await compressed(value) : value,
  ]));
  return {
    key: data.get("key"),
    user: form.dataset.user,
    campaign: form.dataset.campaign,
    name: data.get("full_name") || data.get("phone") || data.get("wechat") || data.get("email") || "📷",
    action: location.pathname,
    at: Date.now(),
    fields,
    errors: [],
  };
}

function isEmpty(entry) {
  const asked = [...PERSON, "card"];
  return !entry.fields.some(([name, value]) => asked.includes(name) && value);
}

function told(entry, name) {
  const value = new Map(entry.fields).get(name) ?? "";
  return value instanceof File ? `${value.name} ${value.size}` : value.trim().toLowerCase();
}

// Whether two entries have a name, an address or the photo in common; else somebody else was typed over the first.
function samePerson(one, other) {
  return [...PERSON, "card"].some((name) => told(one, name) && told(one, name) === told(other, name));
}

function newKey() {
  form.elements.key.value = crypto.randomUUID();
}

function fresh() {
  form.reset();
  correcting = null;
  newKey();
  form.elements.full_name.focus();
}

async function show() {
  const entries = await waiting();
  box.hidden = !entries.length;
  waits.textContent = entries.length.toLocaleString(document.documentElement.lang);
  list.replaceChildren(...entries.map((entry) => {
    const item = document.createElement("li");
    item.className = "row";
    const name = document.createElement("span");
    name.textContent = entry.name;
    const note = document.createElement("small");
    note.className = entry.errors.length ? "push worse" : "push quiet";
    note.textContent = entry.errors.join(" ") || entry.campaign;
    item.append(name, note, ...(entry.errors.length ? [button("correct", entry), button("remove", entry)] : []));
    return item;
  }));
}

// What the server refused can be put right in the form, or thrown away.
function button(what, entry) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small";
  made.textContent = form.dataset[what];
  made.addEventListener("click", () => ({ correct, remove })[what](entry));
  return made;
}

// The entry back in the form: saved again it takes the place of the refused one, unless it is another person by then.
async function correct(entry) {
  if (!isEmpty(await entryOf(new FormData(form)))) {
    say(form.dataset.first, "warn");
    return;
  }
  form.reset();
  newKey();
  correcting = entry;
  for (const [name, value] of entry.fields.filter(([name]) => name !== "key")) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (value instanceof File) {
        const files = new DataTransfer();
        files.items.add(value);
        field.files = files.files;
      } else if (field.type === "radio" || field.type === "checkbox") {
        field.checked = field.type === "checkbox" || field.value === value;
      } else {
        field.value = value;
      }
    }
  }
  form.querySelector("details.more").open = true;
  const wrong = (entry.wrong ?? []).map((name) => form.elements[name]).find((field) => field?.focus);
  (wrong ?? form.elements.full_name).focus();
  say(entry.errors.join(" "), "warn");
}

async function remove(entry) {
  if (confirm(`${form.dataset.remove}: ${entry.name}?`)) {
    await inQueue("readwrite", (queue) => queue.delete(entry.key));
    await show();
  }
}

function arrived(name) {
  const item = document.createElement("li");
  item.className = "row";
  item.textContent = name;
  latest.querySelector(":scope > .quiet")?.remove();
  latest.prepend(item);
  fewer = true;
  counter.textContent = String(Number(counter.textContent.replace(/\D/g, "")) + 1);
}

// The page that opens without a connection shows those who have arrived since it was opened, too.
function keepAnew() {
  if (fewer) {
    navigator.serviceWorker?.controller?.postMessage("keep");
  }
  fewer = false;
}

function body(entry) {
  const data = new FormData();
  for (const [name, value] of entry.fields) {
    data.append(name, value);
  }
  const waited = Math.round((Date.now() - entry.at) / 1000); // so that they were met when they were met
  data.set("waited", String(Math.min(Math.max(waited, 0), LONGEST_WAIT)));
  return data;
}

// A token of whoever is signed in now; "" when nobody is, null when there is no connection.
async function token() {
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "application/json" }, redirect: "manual" });
    return answer.ok ? (await answer.json()).token : "";
  } catch {
    return null;
  }
}

// Whether the queue may go on: false when there is no connection, "sign in" when nobody is signed in.
async function send(entry, stamp) {
  let answer;
  try {
    answer = await fetch(entry.action, {
      method: "POST",
      body: body(entry),
      headers: { Accept: "application/json", "X-CSRFToken": stamp },
      redirect: "manual",
    });
  } catch {
    return false;
  }
  if (answer.status === 201) {
    await inQueue("readwrite", (queue) => queue.delete(entry.key));
    const { name } = await answer.json();
    arrived(name);
    say(`${name} ${form.dataset.saved}`);
    return true;
  }
  if (answer.status === 422) {
    const { errors, wrong } = await answer.json();
    await inQueue("readwrite", (queue) => queue.put({ ...entry, errors, wrong }));
    say(errors.join(" "), "warn");
    return true;
  }
  if (answer.status >= 400 && answer.status < 500 && !LATER.includes(answer.status)) {
    await inQueue("readwrite", (queue) => queue.put({ ...entry, errors: [`${form.dataset.refused} (${answer.status})`] }));
    return true;
  }
  if (answer.type === "opaqueredirect" || answer.status === 403) {
    say(form.dataset.signIn, "warn");
    return "sign in";
  }
  return false;
}

// Whether all was tried that could be: false where somebody has to sign in first, which has been said then.
async function sendAll(again = false) {
  if (sending) {
    return true;
  }
  let tried = true;
  sending = true;
  try {
    const entries = (await waiting())
      .filter((entry) => (again || !entry.errors.length) && entry.key !== correcting?.key);
    const stamp = entries.length ? await token() : null;
    if (stamp === "") {
      tried = false;
      say(form.dataset.signIn, "warn");
    }
    for (const entry of stamp ? entries : []) {
      const done = await send(entry, stamp);
      if (done !== true) {
        tried = done !== "sign in";
        break;
      }
    }
  } finally {
    sending = false;
    keepAnew();
    await show();
  }
  return tried;
}

async function keep(event) {
  event.preventDefault();
  const entry = await entryOf(new FormData(form));
  if (isEmpty(entry)) {
    say(form.dataset.nothing, "warn");
    return;
  }
  try {
    await inQueue("readwrite", (queue) => queue.put(entry));
    if (correcting && samePerson(correcting, entry)) {
      const { key } = correcting;
      await inQueue("readwrite", (queue) => queue.delete(key));
    }
  } catch {
    form.submit();
    return;
  }
  fresh();
  if (await sendAll() && (await waiting()).some((one) => one.key === entry.key && !one.errors.length)) {
    say(form.dataset.waits, "info");
  }
}

if (form && "indexedDB" in window && crypto.randomUUID) {
  newKey();
  form.addEventListener("submit", keep);
  document.getElementById("quick-send").addEventListener("click", () => sendAll(true));
  window.addEventListener("online", () => sendAll());
  setInterval(() => document.hidden || sendAll(), 20000);
  sendAll();
}
