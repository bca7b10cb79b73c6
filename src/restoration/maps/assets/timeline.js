/* The slider over the days of the history: how the district stood on each, by the day it happened or the day it was recorded; with a second
   handle, what changed between two of them. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, PLAY_MS = 700, YEAR = 365, THUMB_PX = 16;

  restoration.timeline = function (map, store, panel, facts, place) {
    var words = store.page.words, asOf = document.querySelector('.as-of'), present = asOf ? asOf.textContent : '';
    Promise.all([store.past, store.drawn, store.told]).then(function (made) { if (made[0] && made[0].row.length) { build(made[0]); } });

    function build(past) {
      var days = [], timer = null, other = null, comparison = new restoration.Comparison(map, store, panel, facts), clock = el('select', { 'aria-label': words.clock });
      ['field', 'office'].forEach(function (code) { clock.appendChild(el('option', { value: code }, words['clock_' + code])); });
      var range = slider(words.day), said = el('output', {}), track = el('div', { 'class': 'track' }, range), span = el('div', { 'class': 'between' });
      var back = button('‹', words.day_before), on = button('›', words.day_after), play = button('▶', words.play), compare = button(words.compare, words.compare_title);
      compare.className = 'compare-days';
      compare.setAttribute('aria-pressed', 'false');
      place.appendChild(el('section', { 'class': 'timeline', 'aria-label': words.timeline }, el('div', {}, play, back, track, on), el('div', {}, said, compare, clock)));
      place.classList.add('has-timeline');
      back.addEventListener('click', function () { stop(); step(-1); });
      on.addEventListener('click', function () { stop(); step(1); });
      range.addEventListener('input', function () { stop(); show(); });
      clock.addEventListener('change', function () { stop(); begin(); });
      compare.addEventListener('click', function () { stop(); turn(!other); });
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
        if (other) { placeOther(); }
        show();
      }

      /* The other day is at first the last one that is a year before. */
      function placeOther() {
        var until = (at() === days.length ? days[days.length - 1] : days[at()]) - YEAR;
        other.max = days.length;
        other.value = Math.max(0, days.filter(function (day) { return day <= until; }).length - 1);
      }

      function turn(isOn) {
        compare.setAttribute('aria-pressed', String(isOn));
        if (isOn) {
          other = slider(words.other_day);
          other.className = 'other';
          placeOther();
          other.addEventListener('input', function () { stop(); show(); });
          track.appendChild(other);
          track.insertBefore(span, range);
        } else {
          other.remove();
          span.remove();
          other = null;
          comparison.end();
        }
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

      function dayAt(position) {
        var day = position === days.length ? null : days[position];
        return { day: day, clock: clock.value, told: day === null ? words.now : restoration.dayOf(day) };
      }

      function show() {
        var one = dayAt(at()), two = other && dayAt(Number(other.value)), later = one;
        said.textContent = one.told;
        range.setAttribute('aria-valuetext', one.told);
        if (two) { later = pair(one, two); } else { store.showDay(one.day, one.clock, past); }
        if (asOf) { asOf.textContent = later.day === null ? present : say(words['as_of_' + clock.value], { d: later.told }); }
      }

      /* The map shows the later of the two days, whichever handle is on it. */
      function pair(one, two) {
        var isBefore = at() < Number(other.value), before = isBefore ? one : two, after = isBefore ? two : one;
        var from = Math.min(at(), Number(other.value)) / days.length, to = Math.max(at(), Number(other.value)) / days.length;
        other.setAttribute('aria-valuetext', two.told);
        said.textContent = before.told + ' → ' + after.told;
        span.style.left = 'calc(' + THUMB_PX / 2 + 'px + (100% - ' + THUMB_PX + 'px) * ' + from + ')';
        span.style.width = 'calc((100% - ' + THUMB_PX + 'px) * ' + (to - from) + ')';
        comparison.show(before, after, past);
        return after;
      }
    }
  };

  function button(sign, name) { return el('button', { type: 'button', 'aria-label': name, title: name }, sign); }

  function slider(name) { return el('input', { type: 'range', min: 0, step: 1, 'aria-label': name }); }
})();
