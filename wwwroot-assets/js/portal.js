// What the console needs of the browser without a circuit: copy, theme, rail, shortcuts, dialogs, session. All by delegation,
// so that it holds for whatever is rendered later.

const remember = (name, value) => {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
};

const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

const switchTheme = () => {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  remember("theme", theme);
};

const toggleRail = () => {
  const collapsed = document.documentElement.dataset.rail === "collapsed";
  if (collapsed) {
    delete document.documentElement.dataset.rail;
  } else {
    document.documentElement.dataset.rail = "collapsed";
  }
  remember("rail", collapsed ? "open" : "collapsed");
};

const toggleDensity = () => {
  const compact = document.documentElement.dataset.density === "compact";
  if (compact) {
    delete document.documentElement.dataset.density;
  } else {
    document.documentElement.dataset.density = "compact";
  }
  remember("density", compact ? "comfortable" : "compact");
};

const writeClipboard = async (text) => {
  if (navigator.clipboard && isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Plain http on the shop's own network has no clipboard API.
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
};

const copy = async (button) => {
  await writeClipboard(button.dataset.copy);
  const answer = button.querySelector(".copy-answer");
  if (answer) {
    answer.textContent = button.dataset.copied;
    setTimeout(() => { answer.textContent = ""; }, 1500);
  }
};

const openDialog = (id) => {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) {
    dialog.showModal();
  }
};

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) {
      menu.open = false;
    }
  }
};

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  closeMenus(target.closest("details.menu"));
  const button = target.closest("button");
  if (!button) {
    return;
  }
  if ("copy" in button.dataset) {
    copy(button);
  } else if ("themeSwitch" in button.dataset) {
    switchTheme();
  } else if ("railToggle" in button.dataset) {
    toggleRail();
  } else if ("densityToggle" in button.dataset) {
    toggleDensity();
  } else if ("openDialog" in button.dataset) {
    closeMenus();
    openDialog(button.dataset.openDialog);
  } else if ("print" in button.dataset) {
    window.print();
  } else if ("reload" in button.dataset) {
    location.reload();
  }
});

const go = (path) => {
  if (window.Blazor && Blazor.navigateTo) {
    Blazor.navigateTo(path);
  } else {
    location.assign(path);
  }
};

const places = { h: "/", o: "/orders", c: "/callbacks", p: "/products" };
let waitingForPlace = 0;

const isTyping = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || event.isComposing
  || event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], dialog[open], [role=dialog]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    closeMenus();
  }
  const search = document.getElementById("portal-search");
  if ((event.ctrlKey || event.metaKey) && event.key === "k" && search) {
    event.preventDefault();
    search.focus();
    return;
  }
  if (!search || isTyping(event)) {
    return;
  }
  if (waitingForPlace > event.timeStamp && places[event.key]) {
    waitingForPlace = 0;
    event.preventDefault();
    go(places[event.key]);
    return;
  }
  waitingForPlace = event.key === "g" ? event.timeStamp + 1500 : 0;
  if (event.key === "/") {
    event.preventDefault();
    search.focus();
  } else if (event.key === "?") {
    event.preventDefault();
    openDialog("keyboard-sheet");
  }
});

// A circuit sends no cookies, so an active page shows a sign of life itself; a session that has ended shows at once.
const aliveEvery = 5 * 60 * 1000;
let lastAlive = Date.now();

const showLife = async () => {
  if (Date.now() - lastAlive < aliveEvery || !document.querySelector(".frame")) {
    return;
  }
  lastAlive = Date.now();
  const answer = await fetch("/account/alive", { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (answer && answer.type === "opaqueredirect") {
    location.reload();
  }
};

for (const kind of ["pointerdown", "keydown"]) {
  document.addEventListener(kind, showLife, { passive: true });
}
