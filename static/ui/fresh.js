// My day stays fresh: when the bell has news and nobody is writing here, the page fetches itself again.
document.addEventListener("tandem:news", () => {
  const busy = document.querySelector("main details[open], main :is(input, textarea):focus");
  if (!busy) {
    htmx.ajax("GET", location.href, { target: "#main", select: "#main", swap: "outerHTML" });
  }
});
