/* Read aloud, a warning before the screen closes, and a look at the link before something is sent. Every page works
   without it. Nothing newer than ES2017; nothing is stored. */
(function () {
  "use strict";

  var body = document.body;
  var start = body.getAttribute("data-start");
  var here = body.getAttribute("data-here");

  /* A page that comes back from the browser's memory is asked for again: the server knows who is in. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      window.location.reload();
    }
  });

  function token() {
    var field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  function ask() {
    return fetch(here, {
      method: "POST",
      credentials: "same-origin",
      cache: "no-store",
      headers: { "X-CSRFToken": token() }
    });
  }

  /* Read aloud, where the browser can speak: the words of the screen, in its language. */
  var read = document.getElementById("read");
  if (read && "speechSynthesis" in window && "SpeechSynthesisUtterance" in window) {
    read.hidden = false;
    read.addEventListener("click", function () {
      var speech = window.speechSynthesis;
      if (speech.speaking) {
        speech.cancel();
        return;
      }
      var said = [];
      document.querySelectorAll("#main h1, #main h2, #main p, #main li, #main .tap, #main label").forEach(function (part) {
        if (!part.parentElement.closest("li, .tap, p, label") && part.textContent.trim()) {
          said.push((part.getAttribute("aria-label") || part.textContent).replace(/\s+/g, " ").trim());
        }
      });
      said.forEach(function (words) {
        var utterance = new SpeechSynthesisUtterance(words);
        utterance.lang = document.documentElement.lang === "cy" ? "cy-GB" : "en-GB";
        utterance.rate = 0.9;
        speech.speak(utterance);
      });
    });
    window.addEventListener("pagehide", function () {
      window.speechSynthesis.cancel();
    });
  }

  /* Keys on the screen, for a machine without a keyboard. They type where the person last tapped. */
  var keys = document.getElementById("keys");
  var field = document.getElementById("number");
  if (keys && field) {
    keys.hidden = false;
    document.querySelectorAll("#number, #code").forEach(function (input) {
      input.addEventListener("focus", function () {
        field = input;
      });
    });
    keys.addEventListener("click", function (event) {
      var key = event.target.closest("[data-type]");
      if (!key) {
        return;
      }
      var typed = key.getAttribute("data-type");
      if (!typed) {
        field.value = field.value.slice(0, -1);
      } else if (field.value.length < Number(field.getAttribute("maxlength"))) {
        field.value += typed;
      }
      if (field.id === "number" && field.value.length === 7 && typed) {
        document.getElementById("code").focus();
      } else {
        field.focus();
      }
    });
  }

  /* Before a tap leads anywhere, see that the link is there: the browser's own error page says nothing that helps.
     Otherwise the screen stays and says plainly that nothing was saved. */
  var lost = document.getElementById("lost-link");

  function look() {
    /* Where nobody is in, nobody is kept in: the start page is asked for, and nothing of it shown. */
    if (body.getAttribute("data-inside")) {
      return ask();
    }
    return fetch(start, { method: "HEAD", credentials: "same-origin", cache: "no-store" });
  }

  function guard(part, kind, go) {
    var sent = false;
    part.addEventListener(kind, function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) {
        return;
      }
      event.preventDefault();
      if (sent) {
        return;
      }
      sent = true;
      look().then(go, function () {
        sent = false;
        if (part.querySelector(".bar-leave")) {
          /* Whoever leaves leaves nothing behind, with or without a link. */
          document.getElementById("main").textContent = "";
        }
        lost.hidden = false;
        lost.querySelector("[data-dismiss]").focus();
      });
    });
  }

  if (lost) {
    document.querySelectorAll("form").forEach(function (form) {
      guard(form, "submit", function () {
        form.submit();
      });
    });
    document.querySelectorAll("#main a, .bar a").forEach(function (link) {
      guard(link, "click", function () {
        window.location.href = link.href;
      });
    });
    lost.querySelector("[data-dismiss]").addEventListener("click", function () {
      lost.hidden = true;
    });
  }

  /* The page goes back to the start by itself, also without a script; somebody who is in is warned before. */
  var idle = document.getElementById("idle");
  var closeAfter = Number(body.getAttribute("data-closes")) * 1000;
  var warnAfter = Number(body.getAttribute("data-warn")) * 1000;
  var warning, closing;

  function wind() {
    window.clearTimeout(warning);
    window.clearTimeout(closing);
    if (idle) {
      warning = window.setTimeout(function () {
        idle.hidden = false;
        document.getElementById("still-here").focus();
      }, warnAfter);
    }
    closing = window.setTimeout(function () {
      window.location.replace(start);
    }, closeAfter);
  }

  if (idle) {
    document.getElementById("still-here").addEventListener("click", function () {
      ask().then(
        function (answer) {
          if (answer.status === 204) {
            idle.hidden = true;
            wind();
          } else {
            window.location.replace(start);
          }
        },
        function () {
          window.location.replace(start);
        }
      );
    });
  }
  if (closeAfter) {
    wind();
  }
})();
