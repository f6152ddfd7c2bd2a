// A long list in the browser: tells its page whether the reader is at the top, opens a row by click, moves by j, k and o.
const near = 80;

const isTyping = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || event.isComposing
  || event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], dialog[open], [role=dialog]");

const links = () => [...document.querySelectorAll("[data-row] a[data-open]")];

const move = (by) => {
  const all = links();
  const here = all.findIndex((link) => link.closest("[data-row]") === document.activeElement?.closest("[data-row]"));
  const next = all[Math.min(Math.max(here + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
};

const onKey = (event) => {
  if (isTyping(event)) {
    return;
  }
  if (event.key === "j") {
    move(1);
  } else if (event.key === "k") {
    move(-1);
  } else if (event.key === "o") {
    document.activeElement?.closest("[data-row]")?.querySelector("a[data-open]")?.click();
  }
};

const onClick = (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const row = target?.closest("[data-row]");
  // Text that is being selected, and controls of their own, are not a wish to open.
  if (!row || target.closest("a, button, input, time") || String(getSelection()).length > 0) {
    return;
  }
  row.querySelector("a[data-open]")?.click();
};

export const attach = (page) => {
  let atTop = true;
  const onScroll = () => {
    const now = scrollY < near;
    if (now !== atTop) {
      atTop = now;
      page.invokeMethodAsync("SetAtTopAsync", now);
    }
  };
  document.addEventListener("scroll", onScroll, { passive: true });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  onScroll();
  return {
    toTop: () => scrollTo({ top: 0 }),
    detach: () => {
      document.removeEventListener("scroll", onScroll);
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("click", onClick);
    },
  };
};
