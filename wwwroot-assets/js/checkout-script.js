// A gateway's own payment window: fetches its script, hands the order over, and says so when the script does not come.
// What the window answers decides nothing; the server asks the gateway.
(() => {
  'use strict';

  const WAIT = 8000;

  const button = document.querySelector('[data-gateway-script]');
  const place = document.querySelector('[data-script-said]');
  if (!button) {
    return;
  }

  let isPressed = false;
  let timer = 0;

  const isReady = () => Boolean(window.BC && typeof window.BC.click === 'function');

  const say = (what) => {
    isPressed = false;
    button.removeAttribute('aria-busy');
    place.querySelector('[data-script-text]').textContent = place.dataset[what];
    place.hidden = false;
  };

  // The wire's names; everything is text on the way here, and the window wants numbers and truth values as such.
  const params = () => {
    const given = JSON.parse(button.dataset.params);
    if ('amount' in given) {
      given.amount = Number(given.amount);
    }
    for (const name of ['debug', 'need_ali_guide']) {
      if (name in given) {
        given[name] = given[name] === 'true';
      }
    }
    if (given.optional) {
      given.optional = JSON.parse(given.optional);
    }
    return given;
  };

  const check = () => {
    const form = document.querySelector('form[data-check]');
    if (form) {
      form.requestSubmit();
    }
  };

  const open = () => {
    isPressed = false;
    button.removeAttribute('aria-busy');
    try {
      window.BC.click(params(), {
        dataError: () => say('sayRefused'),
        wxJsapiFail: () => say('sayRefused'),
        wxJsapiSuccess: check,
        wxJsapiFinish: check,
      });
    } catch {
      say('sayRefused');
    }
  };

  const arrived = () => {
    if (!isReady()) {
      return;
    }

    clearTimeout(timer);
    place.hidden = true;
    if (isPressed) {
      open();
    }
  };

  button.addEventListener('click', () => {
    if (isReady()) {
      open();
      return;
    }

    isPressed = true;
    button.setAttribute('aria-busy', 'true');
    if (!place.hidden) {
      location.reload();
    }
  });

  const script = document.createElement('script');
  script.src = button.dataset.gatewayScript;
  script.async = true;
  script.onload = arrived;
  script.onerror = () => {
    clearTimeout(timer);
    say('sayLate');
  };
  document.addEventListener('beecloud:onready', arrived);
  window.addEventListener('beecloud:onready', arrived);
  timer = setTimeout(() => say('sayLate'), WAIT);
  document.head.append(script);
})();
