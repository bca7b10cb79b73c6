/* What the checks found: a filter by whether, how grave and of which kind, and the findings of a site above its facts. */
(function () {
  'use strict';

  var el = restoration.el, ANY = '*';

  /* A list that unfolds and fills itself once the columns are read; nothing on a page without findings. */
  restoration.problems = function (store) {
    var words = store.page.words, marks = store.page.marks, node = el('section', { 'class': 'filters problems', hidden: '' });
    if (!marks) { return node; }
    var summary = el('summary', {}, words.problems, el('small', {}, '')), rows = el('div', { 'class': 'rows', role: 'group', 'aria-label': words.problems }), boxes = [], chosen = null;
    var chips = el('div', { 'class': 'chips', role: 'group', 'aria-label': words.problems });
    node.appendChild(el('details', {}, summary, chips, rows));
    node.hidden = false;
    store.off.marks = Object.create(null);
    store.told.then(function () {
      var counts = {}, codes = store.columns.marks, sets = store.values('marks').map(tokens);
      for (var row = 0; row < store.number; row++) { sets[codes[row]].forEach(function (code) { counts[code] = (counts[code] || 0) + 1; }); }
      var levels = marks.levels.map(function (level) { return [level.code, level.label]; });
      [[ANY, words.any_problem]].concat(levels, [['', words.no_problem]]).filter(function (one) { return counts[one[0]]; }).forEach(chip);
      marks.kinds.filter(function (kind) { return counts[kind.code]; }).forEach(function (kind) {
        add(kind.code, [restoration.problems.dot(store, kind.level), el('span', { 'class': 'name', title: kind.about }, kind.code + ' ', el('small', {}, kind.about))]);
      });
      function add(code, told) {
        var box = el('input', { type: 'checkbox', value: code, 'aria-label': code });
        box.checked = true;
        box.addEventListener('change', function () { pick(code); });
        boxes.push(box);
        rows.appendChild(el('label', { 'class': 'row' }, box, told[0], told[1], el('span', { 'class': 'count' }, counts[code].toLocaleString('en-US'))));
      }

      function chip(one) {
        var made = el('button', { type: 'button', 'class': 'reset', value: one[0], 'aria-pressed': 'false' }, one[1], el('small', {}, counts[one[0]].toLocaleString('en-US')));
        made.addEventListener('click', function () { choose(made.getAttribute('aria-pressed') === 'true' ? [] : [one[0]]); });
        chips.appendChild(made);
      }

      /* As in the other filters: the first click shows one kind alone, more clicks add or take away. */
      function pick(code) {
        var kinds = chosen && boxes.some(function (box) { return chosen.indexOf(box.value) >= 0; }) ? chosen : [];
        choose(kinds.indexOf(code) < 0 ? kinds.concat([code]) : kinds.filter(function (one) { return one !== code; }));
      }

      /* A site is shown if it has any that is chosen; none is no filter. */
      function choose(codes) {
        chosen = codes.length ? codes : null;
        store.values('marks').forEach(function (set) { store.off.marks[set] = Boolean(chosen) && !tokens(set).some(function (one) { return chosen.indexOf(one) >= 0; }); });
        store.changed();
      }
    });
    store.listeners.push(function () {
      if (!Object.keys(store.off.marks).length) { chosen = null; } // all is shown again
      var named = [].map.call(chips.children, function (one) {
        var on = Boolean(chosen) && chosen.indexOf(one.value) >= 0;
        one.setAttribute('aria-pressed', String(on));
        return on ? one.firstChild.textContent : '';
      }).filter(Boolean);
      boxes.forEach(function (box) { box.checked = named.length ? false : !chosen || chosen.indexOf(box.value) >= 0; });
      summary.lastChild.textContent = (named.length ? named : chosen || []).join('、');
    });
    return node;
  };

  /* What stands with a site: codes, levels, and that there is any. */
  function tokens(set) { return set ? [ANY].concat(set.split(' ')) : ['']; }

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
      var read = {}, start = 0;
      ['code', 'level', 'message', 'way_out', 'state'].forEach(function (name) { read[name] = restoration.textOf(columns[name + '=']); });
      for (var i = 0; i < row; i++) { start += columns.of_site[i]; }
      for (var at = start; at < start + columns.of_site[row]; at++) {
        var code = read.code[columns.code[at]];
        list.appendChild(el('li', {}, el('p', {}, restoration.problems.dot(store, read.level[columns.level[at]]), el('strong', {}, code), el('small', {}, read.state[columns.state[at]])),
          el('p', { 'class': 'message' }, read.message[columns.message[at]]), el('p', { 'class': 'quiet' }, restoration.say(words.what_to_do, { w: read.way_out[columns.way_out[at]] }))));
      }
      part.hidden = !list.firstChild;
    });
  };
})();
