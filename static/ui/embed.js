// For pages of other sites: hands the page's own address and its campaign parameters on to our form in the frame.
for (const frame of document.querySelectorAll("iframe[data-tandem]")) {
  const address = new URL(frame.src);
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (!address.searchParams.has(name)) {
      address.searchParams.set(name, value);
    }
  }
  address.searchParams.set("page", location.origin + location.pathname);
  frame.src = address.href;
}
