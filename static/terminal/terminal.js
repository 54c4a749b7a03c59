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

  /* Before a form that saves is sent, see that the link is there; otherwise say plainly that nothing was saved. */
  var lost = document.getElementById("lost-link");
  document.querySelectorAll("form[data-saves]").forEach(function (form) {
    var sent = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (sent) {
        return;
      }
      sent = true;
      ask().then(
        function () {
          form.submit();
        },
        function () {
          sent = false;
          lost.hidden = false;
          lost.querySelector("[data-dismiss]").focus();
        }
      );
    });
  });
  if (lost) {
    lost.querySelector("[data-dismiss]").addEventListener("click", function () {
      lost.hidden = true;
    });
  }

  /* The page goes back to the start by itself, also without a script; somebody who is in is warned before. */
  var idle = document.getElementById("idle");
  var closeAfter = Number(body.getAttribute("data-closes")) * 1000;
  var warnAfter = Number(body.getAttribute("data-warn")) * 1000;
  var dim = document.getElementById("dim");
  var dimAfter = Number(body.getAttribute("data-dim")) * 1000;
  var warning, closing, dimming;

  /* Words that were typed and not sent are kept by the server, so that they are there when the person goes on. */
  function keep() {
    var form = document.querySelector("form[data-saves] textarea") && document.querySelector("form[data-saves]");
    var address = body.getAttribute("data-keep");
    if (!form || !address) {
      return Promise.resolve();
    }
    var data = new FormData(form);
    data.append("at", form.getAttribute("action"));
    return fetch(address, { method: "POST", credentials: "same-origin", cache: "no-store", body: data }).catch(function () {});
  }

  function wind() {
    window.clearTimeout(warning);
    window.clearTimeout(closing);
    if (idle) {
      warning = window.setTimeout(function () {
        keep();
        idle.hidden = false;
        document.getElementById("still-here").focus();
      }, warnAfter);
    }
    closing = window.setTimeout(close, closeAfter);
  }

  function close() {
    if (!idle && "speechSynthesis" in window && window.speechSynthesis.speaking) {
      /* Nobody is in: the sentence is said to its end first. */
      closing = window.setTimeout(close, 1000);
      return;
    }
    window.location.replace(start);
  }

  /* Without a touch the screen is covered, so that nobody who passes reads it. */
  function light() {
    window.clearTimeout(dimming);
    if (dim && dimAfter) {
      dimming = window.setTimeout(function () {
        if (idle.hidden) {
          dim.hidden = false;
          document.getElementById("show-again").focus();
        }
      }, dimAfter);
    }
  }

  if (dim) {
    document.getElementById("show-again").addEventListener("click", function () {
      dim.hidden = true;
      light();
    });
    ["pointerdown", "keydown", "input"].forEach(function (touch) {
      document.addEventListener(touch, function () {
        if (dim.hidden) {
          light();
        }
      });
    });
    light();
  }

  var hide = document.getElementById("hide");
  if (hide) {
    hide.addEventListener("submit", function (event) {
      event.preventDefault();
      keep().then(function () {
        hide.submit();
      });
    });
  }

  if (idle) {
    document.getElementById("still-here").addEventListener("click", function () {
      ask().then(
        function (answer) {
          if (answer.status === 204) {
            idle.hidden = true;
            if (dim) {
              dim.hidden = true;
            }
            light();
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
