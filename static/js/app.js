/* Small helps; every page works without them. Nothing newer than ES2017. */
(function () {
  "use strict";

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });

  /* Rows that are keyed: Enter goes to the next row, after the last one to the boxes below; the last box sends. */
  document.querySelectorAll("form[data-rows]").forEach(function (form) {
    const boxes = function (inside) {
      return Array.from(inside.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), select"));
    };
    form.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || event.isComposing || !event.target.matches("input[type=text]")) {
        return;
      }
      const row = event.target.closest("tbody tr");
      const all = boxes(form);
      const after = all.slice(all.indexOf(event.target) + 1);
      const next = after.find(function (box) {
        return box.closest("tbody tr") !== row || !row;
      });
      if (next) {
        event.preventDefault();
        next.focus();
        if (next.select) {
          next.select();
        }
      }
    });
  });

  /* A security key that is missing, refused or given up: the sign-in library tells nobody but the console. */
  const keyFailed = document.getElementById("key-failed");
  if (keyFailed) {
    document.addEventListener("allauth.error", function (event) {
      event.preventDefault();
      keyFailed.hidden = false;
    });
  }

  /* What is folded away on screen is read on paper; afterwards the page is as it was. */
  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (details) {
      details.open = true;
    });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (details) {
      details.open = false;
    });
    opened = [];
  });

  /* A warning before the session ends. Other tabs of this browser are told when the end is put off: the session is
     one. The time is compared with the clock, because a sleeping machine's timers stand still. */
  const ending = document.getElementById("session-end");
  if (ending) {
    const part = function (name) {
      return ending.querySelector("[data-" + name + "]");
    };
    const warn = Number(ending.dataset.warn);
    const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
    let end = 0;
    let last = false;
    let seen = false;

    const hide = function () {
      if (ending.open && ending.close) {
        ending.close();
      }
      ending.removeAttribute("open");
    };

    const wind = function (seconds, isLast) {
      end = Date.now() + seconds * 1000;
      last = isLast;
      seen = false;
      part("if-failed").hidden = true;
      hide();
    };

    const tell = function (seconds, isLast) {
      wind(seconds, isLast);
      if (tabs) {
        tabs.postMessage({ seconds: seconds, last: isLast });
      }
    };

    const leave = function () {
      const here = window.location.pathname + window.location.search;
      const why = last ? "after=day&" : "";
      window.location.replace(ending.dataset.endedUrl + "?" + why + "next=" + encodeURIComponent(here));
    };

    const show = function (seconds) {
      const minutes = Math.ceil(seconds / 60);
      const words = seconds < 60 ? "in less than a minute" : "in " + minutes + (minutes === 1 ? " minute" : " minutes");
      if (part("left").textContent !== words) {
        part("left").textContent = words;
      }
      if (ending.open || seen) {
        return;
      }
      part("if-last").hidden = part("close").hidden = !last;
      part("stay").hidden = last;
      if (ending.showModal) {
        ending.showModal();
      } else {
        ending.setAttribute("open", "");
      }
      part(last ? "close" : "stay").focus();
    };

    const look = function () {
      const seconds = Math.round((end - Date.now()) / 1000);
      if (seconds <= 0) {
        leave();
      } else if (seconds <= warn) {
        show(seconds);
      }
    };

    const stay = function () {
      fetch(ending.dataset.stayUrl, {
        method: "POST",
        credentials: "same-origin",
        cache: "no-store",
        redirect: "manual",
        headers: { "X-CSRFToken": ending.dataset.token }
      }).then(
        function (answer) {
          if (!answer.ok) {
            leave();
            return;
          }
          answer.json().then(function (left) {
            tell(left.seconds, left.last);
          });
        },
        function () {
          part("if-failed").hidden = false;
        }
      );
    };

    const close = function () {
      seen = true;
      hide();
    };

    part("stay").addEventListener("click", stay);
    part("close").addEventListener("click", close);
    ending.addEventListener("cancel", function (event) {
      event.preventDefault();
      (last ? close : stay)();
    });
    if (tabs) {
      tabs.addEventListener("message", function (event) {
        wind(event.data.seconds, event.data.last);
      });
    }
    document.addEventListener("visibilitychange", look);
    window.setInterval(look, 1000);
    tell(Number(ending.dataset.seconds), ending.dataset.last !== undefined);
  }
})();
