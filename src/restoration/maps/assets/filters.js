/* Filters beside the legend: by town, by plan year, by status; each a list that unfolds. */
(function () {
  'use strict';

  var el = restoration.el, KINDS = ['town', 'plan_year', 'status'];

  /* A section that fills itself once the columns are read. */
  restoration.filters = function (store) {
    var words = store.page.words, node = el('section', { 'class': 'filters', hidden: '' }, el('h2', {}, words.filters)), lists = [];
    KINDS.forEach(function (kind) { store.off[kind] = Object.create(null); });
    store.told.then(function () {
      lists = KINDS.filter(function (kind) { return store.values(kind).length > 1; }).map(function (kind) { return list(store, kind); });
      lists.forEach(function (part) { node.appendChild(part.node); part.tell(); });
      node.hidden = !lists.length;
    });
    store.listeners.push(function () { lists.forEach(function (part) { part.tell(); }); });
    return node;
  };

  function list(store, kind) {
    var words = store.page.words, values = store.values(kind), counts = counted(store, kind), boxes = [], said = [], day = null;
    var summary = el('summary', {}, words['filter_' + kind], el('small', {}, '')), rows = el('div', { 'class': 'rows', role: 'group', 'aria-label': words['filter_' + kind] });
    values.map(function (value, code) { return code; }).sort(function (a, b) { return order(kind, values[a], values[b], counts[b] - counts[a]); }).forEach(function (code) {
      var box = el('input', { type: 'checkbox', value: values[code], 'aria-label': values[code] || words.not_said });
      box.checked = true;
      box.addEventListener('change', function () { pick(store, kind, values[code], boxes); });
      boxes.push(box);
      said.push({ code: code, node: el('span', { 'class': 'count' }) });
      rows.appendChild(el('label', { 'class': 'row' }, box, el('span', { 'class': 'name' }, values[code] || words.not_said), said[said.length - 1].node));
    });
    return {
      node: el('details', { 'data-kind': kind }, summary, rows),
      tell: tell
    };

    function tell() {
      var off = store.off[kind], shown = boxes.filter(function (box) { return box.checked = !off[box.value]; });
      summary.lastChild.textContent = shown.length === boxes.length ? '' : shown.map(function (box) { return box.value || words.not_said; }).join('、');
      if (day !== store.clock + store.day) { counts = counted(store, kind); }
      day = store.clock + store.day;
      said.forEach(function (part) {
        part.node.textContent = counts[part.code].toLocaleString('en-US');
        part.node.parentNode.hidden = !counts[part.code] && (shown.length === boxes.length || Boolean(off[values[part.code]]));
      });
    }
  }

  /* How many sites have each value of a column, on the day that is shown. */
  function counted(store, kind) {
    var counts = store.values(kind).map(function () { return 0; }), codes = store.columns[kind];
    for (var row = 0; row < store.number; row++) { if (!store.absent || !store.absent[row]) { counts[codes[row]] += 1; } }
    return counts;
  }

  /* Years by number, the rest the most frequent first. */
  function order(kind, one, other, fewer) {
    return kind === 'plan_year' ? (one < other ? -1 : 1) : fewer || (one < other ? -1 : 1);
  }

  /* The first click shows one alone; more clicks add or take away; none or all is no filter. */
  function pick(store, kind, value, boxes) {
    var off = store.off[kind], every = boxes.map(function (box) { return box.value; });
    if (!every.some(function (one) { return off[one]; })) { every.forEach(function (one) { off[one] = one !== value; }); } else { off[value] = !off[value]; }
    if (every.every(function (one) { return off[one]; })) { store.off[kind] = Object.create(null); }
    store.changed();
  }
})();
