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

  /* Read aloud, where a headset is fitted. Each part of the page carries its sounds: an address and the same words as
     on the screen. What has no address, or cannot be had, the browser says, if it has a voice of that language. */
  var read = document.getElementById("read");
  var speech = window.speechSynthesis;
  var ticked = document.getElementById("ticked");
  var notTicked = document.getElementById("not-ticked");
  /* Each turn ends the one before: an answer that comes late is of a turn that is over. */
  var turn = 0;
  var speaking = false;
  var playing = null;

  function soundsOf(part) {
    return JSON.parse(part.getAttribute("data-say"));
  }

  function heardParts(selector) {
    return Array.prototype.filter.call(document.querySelectorAll(selector), function (part) {
      return !part.hidden;
    });
  }

  function languageOf(part) {
    return part.closest("[lang]").lang;
  }

  function hasVoice(language) {
    return Boolean(speech) && speech.getVoices().some(function (voice) {
      return voice.lang.slice(0, language.length) === language;
    });
  }

  function hush() {
    turn += 1;
    speaking = false;
    if (playing) {
      playing.pause();
      playing = null;
    }
    if (speech) {
      speech.cancel();
    }
    document.querySelectorAll(".speaking").forEach(function (part) {
      part.classList.remove("speaking");
    });
  }

  function byBrowser(one, next) {
    if (!hasVoice(one.language)) {
      next();
      return;
    }
    var utterance = new SpeechSynthesisUtterance(one.words);
    utterance.lang = one.language === "en" ? "en-GB" : one.language;
    utterance.rate = 0.9;
    utterance.onend = next;
    utterance.onerror = next;
    speech.speak(utterance);
  }

  function fetched(one) {
    if (!one || !one.address) {
      return null;
    }
    var audio = new Audio();
    audio.preload = "auto";
    audio.src = one.address;
    return audio;
  }

  /* One sound after another; the next one is on its way while this one is heard. */
  function sayAll(parts) {
    hush();
    var mine = turn;
    var queue = [];
    parts.forEach(function (part) {
      soundsOf(part).forEach(function (sound) {
        queue.push({ part: part, address: sound[0], words: sound[1], language: languageOf(part) });
      });
    });
    speaking = queue.length > 0;
    var coming = fetched(queue[0]);

    function step(place) {
      if (mine !== turn) {
        return;
      }
      if (place > 0) {
        queue[place - 1].part.classList.remove("speaking");
      }
      if (place === queue.length) {
        hush();
        return;
      }
      var one = queue[place];
      var audio = coming;
      var over = false;
      coming = fetched(queue[place + 1]);
      one.part.classList.add("speaking");
      if (one.part.scrollIntoView && one.part.closest("main")) {
        one.part.scrollIntoView({ block: "nearest" });
      }

      function next() {
        if (!over) {
          over = true;
          step(place + 1);
        }
      }

      function instead() {
        if (!over && mine === turn) {
          over = true;
          byBrowser(one, function () {
            step(place + 1);
          });
        }
      }

      if (!audio) {
        instead();
        return;
      }
      playing = audio;
      audio.addEventListener("ended", next);
      audio.addEventListener("error", instead);
      var started = audio.play();
      if (started) {
        started.catch(function (error) {
          /* A browser that wants a tap first: the button is there for it. */
          if (error.name === "NotAllowedError" && mine === turn) {
            hush();
          }
        });
      }
    }

    step(0);
  }

  function keepSound() {
    fetch(read.getAttribute("data-keep"), { credentials: "same-origin", cache: "no-store", redirect: "manual" });
    if (body.hasAttribute("data-sound")) {
      body.removeAttribute("data-sound");
    } else {
      body.setAttribute("data-sound", "1");
    }
  }

  function offerSound() {
    var language = document.documentElement.lang;
    var recorded = heardParts("main [data-say]").some(function (part) {
      return soundsOf(part)[0][0];
    });
    if (recorded || hasVoice(language)) {
      read.hidden = false;
    }
  }

  function pageAloud() {
    sayAll(heardParts("main [data-say]"));
  }

  if (read) {
    offerSound();
    if (speech && speech.addEventListener) {
      speech.addEventListener("voiceschanged", offerSound);
    }
    read.addEventListener("click", function () {
      if (speaking) {
        hush();
        if (body.hasAttribute("data-sound")) {
          keepSound();
        }
        return;
      }
      if (!body.hasAttribute("data-sound")) {
        keepSound();
      }
      pageAloud();
    });
    window.addEventListener("pagehide", hush);
    /* One key for whoever cannot see where the button is. */
    document.addEventListener("keydown", function (event) {
      if (event.key === "F2" && !read.hidden) {
        event.preventDefault();
        read.click();
      }
    });
    if (body.hasAttribute("data-sound")) {
      pageAloud();
    } else {
      /* What must not be missed is said at once. */
      sayAll(heardParts("main [role=alert] [data-say], main [role=alert][data-say]"));
    }
    /* With the keyboard: whatever comes into focus says what it is. */
    document.addEventListener("focusin", function (event) {
      var part = event.target.closest("[data-say]");
      if (!part && event.target.labels && event.target.labels.length) {
        part = event.target.labels[0].closest("[data-say]");
      }
      if (part && body.hasAttribute("data-sound") && part.closest("[role=alertdialog]") === null) {
        var said = [part];
        if (event.target.type === "checkbox") {
          said.push(event.target.checked ? ticked : notTicked);
        }
        sayAll(said);
      }
    });
    document.addEventListener("change", function (event) {
      if (event.target.type === "checkbox" && body.hasAttribute("data-sound")) {
        sayAll([event.target.closest("[data-say]"), event.target.checked ? ticked : notTicked]);
      }
    });
  }

  /* What covers the screen is read too. */
  function coverAloud(cover) {
    if (read && body.hasAttribute("data-sound")) {
      sayAll(Array.prototype.slice.call(cover.querySelectorAll("[data-say]")));
    }
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
    /* Where nobody is in, nobody is kept in. */
    if (body.getAttribute("data-inside")) {
      return ask();
    }
    return fetch(body.getAttribute("data-link"), { credentials: "omit", cache: "no-store" });
  }

  /* The form of somebody who hides the screen: without a link it is sent with the next tap that finds one. */
  var hiding = null;

  function hide() {
    keep().then(function () {
      hiding.submit();
    });
  }

  function guard(part, kind, go) {
    var leaves = Boolean(part.querySelector(".bar-leave"));
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
      if (part.id === "hide") {
        document.getElementById("main").hidden = true;
        hiding = part;
      }
      look().then(hiding && !leaves ? hide : go, function () {
        sent = false;
        if (leaves) {
          /* Whoever leaves leaves nothing to be read, with or without a link. */
          var shown = document.getElementById("main");
          while (shown.firstChild) {
            shown.removeChild(shown.firstChild);
          }
        }
        lost.hidden = false;
        lost.querySelector("[data-dismiss]").focus();
        coverAloud(lost);
      });
    });
  }

  if (lost) {
    document.querySelectorAll("form").forEach(function (form) {
      guard(form, "submit", function () {
        form.submit();
      });
    });
    document.querySelectorAll("#main a, .bar a, footer a").forEach(function (link) {
      guard(link, "click", function () {
        /* Words that were typed are there again after a tap on the bar. */
        keep().then(function () {
          window.location.href = link.href;
        });
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
        if (speaking && dim.hidden) {
          /* Whoever listens to a long page is there. */
          ask().then(wind, wind);
          return;
        }
        keep();
        idle.hidden = false;
        document.getElementById("still-here").focus();
        coverAloud(idle);
      }, warnAfter);
    }
    closing = window.setTimeout(close, closeAfter);
  }

  function close() {
    if (!idle && speaking) {
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
        if (speaking) {
          light();
        } else if (idle.hidden) {
          dim.hidden = false;
          document.getElementById("show-again").focus();
          coverAloud(dim);
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
