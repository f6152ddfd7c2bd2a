// The payment button of a shop. One classic script tag on the shop's page; it opens the portal's checkout page in a dialog over that page.
// Made for a strict Content-Security-Policy: no inline style or script, no text that becomes code or markup. The shop allows this portal in
// script-src and frame-src, and the portal allows the shop's origin under Settings → Store.
// What is told here comes from the buyer's browser. It moves the page along; it never proves a payment: ask the API or wait for the webhook.
(() => {
  'use strict';

  const script = document.currentScript || document.querySelector('script[src*="/embed/checkout.js"]');
  const before = window.MerchantPortal;
  if (!script || (before && before.version)) {
    return;
  }

  const READY_WITHIN = 8000;
  const READY_AFTER_LOAD = 1500;
  const STATUSES = ['pending', 'paid', 'expired', 'closed'];
  const portal = new URL('..', script.src);

  const TEXTS = {
    en: {
      title: 'Payment', close: 'Close', loading: 'Opening the payment page…', open: 'Open the payment page in a new tab',
      blocked: 'The payment page cannot be shown here.',
    },
    zh: { title: '付款', close: '关闭', loading: '正在打开付款页面…', open: '在新标签页中打开付款页面', blocked: '付款页面无法在此处显示。' },
  };

  const CSS = `
    :host { all: initial !important; }
    dialog {
      --surface: #fff; --ink: #14181f; --ink-2: #4a5361; --line: #e2e5ea; --hover: #eef0f3; --accent: #1f6f54;
      box-sizing: border-box; width: min(460px, calc(100vw - 32px)); max-width: none; max-height: calc(100vh - 32px);
      max-height: calc(100dvh - 32px); margin: auto; padding: 0; overflow: hidden; border: 1px solid var(--line); border-radius: 12px;
      background: var(--surface); color: var(--ink); color-scheme: light dark; box-shadow: 0 16px 48px rgb(0 0 0 / .24);
      font: 400 14px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
    }
    dialog[open] { display: flex; flex-direction: column; animation: show .15s ease-out; }
    dialog::backdrop { background: rgb(10 14 20 / .56); }
    header { display: flex; flex: none; align-items: center; justify-content: space-between; padding: 6px 6px 6px 20px; border-bottom: 1px solid var(--line); }
    h2 { margin: 0; font: inherit; font-weight: 600; }
    button {
      display: grid; place-items: center; width: 40px; height: 40px; padding: 0; border: 0; border-radius: 6px; background: none;
      color: var(--ink-2); cursor: pointer;
    }
    button:hover { background: var(--hover); }
    svg { width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
    iframe { display: block; flex: 0 1 auto; width: 100%; height: 560px; min-height: 0; border: 0; color-scheme: light dark; }
    p { margin: 0; padding: 24px 20px; color: var(--ink-2); text-align: center; }
    p a { display: block; margin-top: 8px; color: var(--accent); font-weight: 500; }
    [hidden] { display: none; }
    @keyframes show { from { opacity: 0; } }
    @media (prefers-color-scheme: dark) {
      dialog { --surface: #171b21; --ink: #e8ebf0; --ink-2: #a9b2bf; --line: #2b323c; --hover: #20262e; --accent: #4fc08d; }
    }
    @media (prefers-reduced-motion: reduce) { dialog[open] { animation: none; } }
  `;

  let shown = null;

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const cross = () => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    path.setAttribute('d', 'M6 6l12 12M18 6L6 18');
    svg.append(path);
    return svg;
  };

  // A token, or the checkout_url that the shop's server was given: nothing else may become the address of the frame.
  const tokenOf = (order) => {
    const text = String(order || '').trim();
    if (/^[\w-]{22}$/.test(text)) {
      return text;
    }

    try {
      const url = new URL(text);
      const found = url.origin === portal.origin && url.pathname.match(/\/pay\/([\w-]{22})\/?$/);
      return found ? found[1] : null;
    } catch {
      return null;
    }
  };

  const addressOf = (token, query) => {
    const url = new URL(`pay/${token}`, portal);
    Object.keys(query).forEach((name) => query[name] && url.searchParams.set(name, query[name]));
    return url.href;
  };

  // A phone has no room for a dialog, and wallets that open from their own browser want the whole page.
  const wantsWholePage = () =>
    (matchMedia('(pointer: coarse)').matches && Math.min(innerWidth, screen.width) < 600)
    || /MicroMessenger|AlipayClient/i.test(navigator.userAgent)
    || location.origin === 'null'
    || !window.HTMLDialogElement
    || !('adoptedStyleSheets' in Document.prototype);

  const build = (texts, source, address) => {
    const close = element('button', { type: 'button', title: texts.close }, cross());
    close.setAttribute('aria-label', texts.close);
    const title = element('h2', { id: 'title', textContent: texts.title });
    const frame = element('iframe', { title: texts.title, src: source, allow: 'clipboard-write' });
    const loading = element('p', { textContent: texts.loading });
    loading.setAttribute('role', 'status');
    const link = element('a', { href: address, target: '_blank', rel: 'noopener noreferrer', textContent: texts.open });
    const blocked = element('p', { hidden: true, textContent: texts.blocked }, link);
    blocked.setAttribute('role', 'alert');
    const dialog = element('dialog', {}, element('header', {}, title, close), loading, frame, blocked);
    dialog.setAttribute('aria-labelledby', 'title');
    frame.hidden = true;

    const root = document.createElement('merchant-portal-checkout');
    const shadow = root.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(dialog);
    return { root, dialog, frame, loading, blocked, close };
  };

  // The page behind must not scroll, nor jump when its scrollbar goes.
  const holdScroll = () => {
    const style = document.documentElement.style;
    const { overflow, paddingRight } = style;
    const bar = innerWidth - document.documentElement.clientWidth;
    style.overflow = 'hidden';
    if (bar > 0) {
      style.paddingRight = `${bar}px`;
    }
    return () => Object.assign(style, { overflow, paddingRight });
  };

  const show = (token, lang, emit, finish) => {
    const chinese = (lang || navigator.language || '').toLowerCase().startsWith('zh');
    const address = addressOf(token, { lang });
    const parts = build(
      chinese ? TEXTS.zh : TEXTS.en, addressOf(token, { embed: '1', origin: location.origin, lang }), address);
    const { root, dialog, frame } = parts;
    root.lang = chinese ? 'zh-CN' : 'en';
    let status = 'pending';
    let ready = false;
    let ended = false;
    let timer = 0;

    const giveUp = () => {
      if (!ready) {
        parts.loading.hidden = frame.hidden = true;
        parts.blocked.hidden = false;
        emit('blocked', { url: address });
      }
    };
    const wait = (milliseconds) => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, milliseconds);
    };

    const heard = {
      // Each page that the buyer opens in there says so.
      ready: () => {
        clearTimeout(timer);
        if (!ready) {
          ready = true;
          parts.loading.hidden = parts.blocked.hidden = true;
          frame.hidden = false;
          emit('ready', {});
        }
      },
      resize: ({ height }) => {
        if (Number.isFinite(height)) {
          frame.style.height = `${Math.min(Math.max(height, 160), 1600)}px`;
          emit('resize', { height });
        }
      },
      status: (data) => {
        if (STATUSES.includes(data.status) && data.status !== status) {
          status = data.status;
          emit('status', { status });
          if (status === 'paid') {
            emit('paid', { status });
          }
        }
      },
      close: () => end(),
    };

    const listen = (event) => {
      const { data } = event;
      if (event.origin !== portal.origin || event.source !== frame.contentWindow || !data || data.merchantPortal !== 1) {
        return;
      }
      if (Object.prototype.hasOwnProperty.call(heard, data.type)) {
        heard[data.type](data);
      }
    };

    // The browser tells of the closing later, and a script may want to open another dialog at once.
    const end = () => {
      if (ended) {
        return;
      }
      ended = true;
      clearTimeout(timer);
      removeEventListener('message', listen);
      dialog.close();
      releaseScroll();
      root.remove();
      finish({ order: token, status });
      emit('close', { status });
    };

    const releaseScroll = holdScroll();
    addEventListener('message', listen);
    frame.addEventListener('load', () => ready || wait(READY_AFTER_LOAD));
    parts.close.addEventListener('click', end);
    dialog.addEventListener('close', end);
    (document.body || document.documentElement).append(root);
    dialog.showModal();
    wait(READY_WITHIN);
    return end;
  };

  const open = (options, target) => {
    const { order, lang, onEvent, onPaid, onClose } = options || {};
    const token = tokenOf(order);
    if (!token) {
      return Promise.reject(new TypeError('MerchantPortal.checkout: "order" must be a checkout token or a checkout_url of this portal.'));
    }
    if (shown && shown.token === token) {
      return shown.payment;
    }
    if (shown) {
      shown.payment.close();
    }

    const emit = (type, more) => {
      const event = { type, order: token, ...more };
      [onEvent, type === 'paid' && onPaid, type === 'close' && onClose].forEach((call) => {
        if (typeof call === 'function') {
          // What a shop's function throws is the shop's to see, and must not stop the dialog.
          try {
            call(event);
          } catch (error) {
            setTimeout(() => { throw error; });
          }
        }
      });
      if (target) {
        target.dispatchEvent(new CustomEvent(`merchant-portal:${type}`, { bubbles: true, detail: event }));
      }
    };

    let resolve;
    const payment = new Promise((done) => { resolve = done; });
    payment.close = () => {};
    if (wantsWholePage()) {
      const url = addressOf(token, { lang });
      emit('redirect', { url });
      resolve({ order: token, status: 'redirected' });
      location.assign(url);
      return payment;
    }

    shown = { token, payment };
    payment.close = show(token, lang, emit, (result) => {
      shown = null;
      resolve(result);
    });
    return payment;
  };

  const openFor = (target) => open({ order: target.dataset.order || target.href, lang: target.dataset.lang }, target);

  // One listener for all: also for what is added to the page later.
  document.addEventListener('click', (event) => {
    const target = event.composedPath().find((node) => node instanceof Element && node.hasAttribute('data-order'));
    if (!target || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    // A link that this script cannot make sense of still is a link.
    if (target.href && !tokenOf(target.dataset.order || target.href)) {
      return;
    }
    event.preventDefault();
    openFor(target);
  });

  window.MerchantPortal = { version: 1, checkout: (options) => open(options) };

  // What was pressed or called before this script came.
  ((before && before.q) || []).forEach(([what, done]) => {
    if (what instanceof Element) {
      openFor(what);
    } else if (done) {
      done(open(what));
    } else {
      open(what);
    }
  });
})();
