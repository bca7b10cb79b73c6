/* The slider over the days of the history: how the district stood on each, by the day it happened or the day it was recorded. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, DAY_MS = 86400000, PLAY_MS = 700;

  restoration.timeline = function (store, place) {
    var words = store.page.words, asOf = document.querySelector('.as-of'), present = asOf ? asOf.textContent : '';
    Promise.all([store.past, store.drawn, store.told]).then(function (made) { if (made[0] && made[0].row.length) { build(made[0]); } });

    function build(past) {
      var days = [], timer = null, clock = el('select', { 'aria-label': words.clock });
      ['field', 'office'].forEach(function (code) { clock.appendChild(el('option', { value: code }, words['clock_' + code])); });
      var range = el('input', { type: 'range', min: 0, step: 1, 'aria-label': words.day }), said = el('output', {});
      var back = button('‹', words.day_before), on = button('›', words.day_after), play = button('▶', words.play);
      place.appendChild(el('section', { 'class': 'timeline', 'aria-label': words.timeline }, play, back, range, on, said, clock));
      place.classList.add('has-timeline');
      back.addEventListener('click', function () { stop(); step(-1); });
      on.addEventListener('click', function () { stop(); step(1); });
      range.addEventListener('input', function () { stop(); show(); });
      clock.addEventListener('change', function () { stop(); begin(); });
      play.addEventListener('click', function () {
        if (timer) { stop(); return; }
        if (at() === days.length) { range.value = 0; }
        play.textContent = '❚❚';
        timer = setInterval(function () { if (at() === days.length) { stop(); } else { step(1); } }, PLAY_MS);
        show();
      });
      begin();

      function at() { return Number(range.value); }

      /* The last position is what is recorded now. */
      function begin() {
        days = Array.from(new Set(Array.from(past[clock.value]))).sort(function (a, b) { return a - b; });
        range.max = days.length;
        range.value = days.length;
        show();
      }

      function step(by) {
        range.value = at() + by;
        show();
      }

      function stop() {
        clearInterval(timer);
        timer = null;
        play.textContent = '▶';
      }

      function show() {
        var day = at() === days.length ? null : days[at()], told = day === null ? words.now : new Date(day * DAY_MS).toISOString().slice(0, 10);
        store.showDay(day, clock.value, past);
        said.textContent = told;
        range.setAttribute('aria-valuetext', told);
        if (asOf) { asOf.textContent = day === null ? present : say(words['as_of_' + clock.value], { d: told }); }
      }
    }
  };

  function button(sign, name) { return el('button', { type: 'button', 'aria-label': name, title: name }, sign); }
})();
