/* What the checks found: a filter by kind of finding, and the findings of a site above its facts. */
(function () {
  'use strict';

  var el = restoration.el;

  /* A list that unfolds and fills itself once the columns are read; nothing on a page without findings. */
  restoration.problems = function (store) {
    var words = store.page.words, marks = store.page.marks, node = el('section', { 'class': 'filters problems', hidden: '' });
    if (!marks) { return node; }
    var summary = el('summary', {}, words.problems, el('small', {}, '')), rows = el('div', { 'class': 'rows', role: 'group', 'aria-label': words.problems }), boxes = [], chosen = null;
    node.appendChild(el('details', {}, summary, rows));
    node.hidden = false;
    store.off.marks = Object.create(null);
    store.told.then(function () {
      var counts = {}, codes = store.columns.marks, sets = store.values('marks').map(function (set) { return set.split(' '); });
      for (var row = 0; row < store.number; row++) { sets[codes[row]].forEach(function (code) { counts[code] = (counts[code] || 0) + 1; }); }
      marks.kinds.filter(function (kind) { return counts[kind.code]; }).forEach(function (kind) {
        add(kind.code, [restoration.problems.dot(store, kind.level), el('span', { 'class': 'name', title: kind.about }, kind.code + ' ', el('small', {}, kind.about))]);
      });
      if (counts['']) { add('', [el('span', { 'class': 'name' }, words.no_problem)]); }

      function add(code, told) {
        var box = el('input', { type: 'checkbox', value: code, 'aria-label': code || words.no_problem });
        box.checked = true;
        box.addEventListener('change', function () { pick(code); });
        boxes.push(box);
        rows.appendChild(el('label', { 'class': 'row' }, box, told[0], told[1] || null, el('span', { 'class': 'count' }, counts[code].toLocaleString('en-US'))));
      }

      /* As in the other filters: the first click shows one alone, none or all is no filter. A site is shown if it has any that is chosen. */
      function pick(code) {
        chosen = chosen || [];
        chosen = chosen.indexOf(code) < 0 ? chosen.concat([code]) : chosen.filter(function (one) { return one !== code; });
        if (!chosen.length || chosen.length === boxes.length) { chosen = null; }
        store.values('marks').forEach(function (set) { store.off.marks[set] = Boolean(chosen) && !set.split(' ').some(function (one) { return chosen.indexOf(one) >= 0; }); });
        store.changed();
      }
    });
    store.listeners.push(function () {
      if (!Object.keys(store.off.marks).length) { chosen = null; } // all is shown again
      boxes.forEach(function (box) { box.checked = !chosen || chosen.indexOf(box.value) >= 0; });
      summary.lastChild.textContent = chosen ? chosen.map(function (code) { return code || words.no_problem; }).join('、') : '';
    });
    return node;
  };

  restoration.problems.dot = function (store, level) {
    var look = store.page.marks.levels.filter(function (one) { return one.code === level; })[0], dot = el('span', { 'class': 'dot ' + level, title: look.one });
    dot.style.background = look.colour;
    return dot;
  };

  /* Puts the findings of a site into its card, as soon as they are read. */
  restoration.problems.told = function (store, row, card) {
    var words = store.page.words, marks = store.page.marks;
    if (!marks) { return; }
    var list = el('ul', { 'class': 'problem-list' }), part = el('div', { hidden: '' }, el('h3', {}, words.problems, store.day === null ? null : el('small', {}, words.problems_of_now)), list);
    card.appendChild(part);
    store.marked.then(function (columns) {
      var level = {}, read = {}, start = 0;
      marks.kinds.forEach(function (kind) { level[kind.code] = kind.level; });
      ['code', 'message', 'way_out', 'state'].forEach(function (name) { read[name] = restoration.textOf(columns[name + '=']); });
      for (var i = 0; i < row; i++) { start += columns.of_site[i]; }
      for (var at = start; at < start + columns.of_site[row]; at++) {
        var code = read.code[columns.code[at]];
        list.appendChild(el('li', {}, el('p', {}, restoration.problems.dot(store, level[code]), el('strong', {}, code), el('small', {}, read.state[columns.state[at]])),
          el('p', { 'class': 'message' }, read.message[columns.message[at]]), el('p', { 'class': 'quiet' }, restoration.say(words.what_to_do, { w: read.way_out[columns.way_out[at]] }))));
      }
      part.hidden = !list.firstChild;
    });
  };
})();
