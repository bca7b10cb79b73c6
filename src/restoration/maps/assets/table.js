/* A table of the sites in view: sorted by a click on a heading, a row goes to its site, all of it can be copied into a spreadsheet. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, MOST = 500, WAIT_MS = 200, FORMULA = /^\s*[=+\-@\t\r]/;
  var COLUMNS = ['name', 'source_id', 'measure', 'status', 'town', 'plan_year', 'area'];

  restoration.table = function (map, store, facts, place) {
    var words = store.page.words, sorted = { by: 'name', down: false }, rows = [], timer = null;
    var body = el('tbody', {}), told = el('p', { 'class': 'quiet', role: 'status' }), heads = {};
    var copy = el('button', { type: 'button', 'class': 'reset' }, words.copy), close = el('button', { type: 'button', 'class': 'close', 'aria-label': words.close, title: words.close }, '×');
    var head = el('tr', {});
    COLUMNS.forEach(function (name) {
      var button = el('button', { type: 'button' }, words['column_' + name]);
      button.addEventListener('click', function () { sorted = { by: name, down: sorted.by === name && !sorted.down }; fill(); });
      head.appendChild(heads[name] = el('th', { scope: 'col', 'class': name === 'area' ? 'number' : '' }, button));
    });
    var node = el('section', { 'class': 'table', 'aria-label': words.table, hidden: '' }, el('header', {}, el('h2', {}, words.table), told, copy, close),
      el('div', { 'class': 'table-body', tabindex: '0' }, el('table', {}, el('thead', {}, head), body)));
    var open = el('button', { type: 'button', 'class': 'open-table', 'aria-expanded': 'false' }, words.table);
    place.appendChild(node);
    place.appendChild(open);
    open.addEventListener('click', function () { turn(node.hidden); });
    close.addEventListener('click', function () { turn(false); open.focus(); });
    copy.addEventListener('click', function () { copied(text()); });
    map.on('moveend', later);
    store.listeners.push(later);

    function turn(on) {
      node.hidden = !on;
      open.setAttribute('aria-expanded', String(on));
      if (on) { fill(); }
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(function () { if (!node.hidden) { fill(); } }, WAIT_MS);
    }

    function cell(row, name) {
      if (name === 'area') { return store.mu(row); }
      return name === 'measure' ? facts.measures[store.text('measure', row)] : name === 'name' ? store.title(row) : store.text(name, row);
    }

    function fill() {
      rows = store.within(map.getBounds()).map(function (row) { return { row: row, key: sorted.by === 'area' ? store.columns.area_m2[row] : cell(row, sorted.by) }; })
        .sort(function (a, b) { return (a.key < b.key ? -1 : a.key > b.key ? 1 : a.row - b.row) * (sorted.down ? -1 : 1); }).map(function (one) { return one.row; });
      COLUMNS.forEach(function (name) { heads[name].setAttribute('aria-sort', name !== sorted.by ? 'none' : sorted.down ? 'descending' : 'ascending'); });
      body.textContent = '';
      rows.slice(0, MOST).forEach(function (row) { body.appendChild(line(row)); });
      told.textContent = say(rows.length > MOST ? words.in_view_more : words.in_view, { n: rows.length.toLocaleString('en-US'), m: MOST });
    }

    function line(row) {
      var made = el('tr', {});
      COLUMNS.forEach(function (name, at) {
        var link = el('button', { type: 'button', 'class': 'to-site' }, cell(row, name));
        if (at === 0) { link.addEventListener('click', function () { facts.one(row, null); }); }
        made.appendChild(el('td', { 'class': name === 'area' ? 'number' : '' }, at === 0 ? link : cell(row, name)));
      });
      return made;
    }

    function text() {
      var lines = [COLUMNS.map(function (name) { return words['column_' + name]; })].concat(rows.map(function (row) {
        return COLUMNS.map(function (name) { return name === 'area' ? store.mu(row).replace(/,/g, '') : cell(row, name); });
      }));
      return lines.map(function (cells) { return cells.map(plain).join('\t'); }).join('\n');
    }

    function copied(said) {
      var done = restoration.copyText(said);
      copy.focus();
      told.textContent = done ? say(words.copied, { n: rows.length.toLocaleString('en-US') }) : words.not_copied;
    }
  };

  /* Whether the text could be put where it can be pasted from. */
  restoration.copyText = function (text) {
    var field = el('textarea', { 'aria-hidden': 'true', 'class': 'copied' });
    field.value = text;
    document.body.appendChild(field);
    field.select();
    var done = document.execCommand('copy'); // navigator.clipboard is not there for a file that is opened from a disk
    field.remove();
    return done;
  };

  /* One cell of a spreadsheet: no formula, no new cell. */
  function plain(text) {
    var said = text.replace(/[\t\r\n]+/g, ' ');
    return FORMULA.test(said) ? "'" + said : said;
  }
})();
