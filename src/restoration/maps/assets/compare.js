/* Two days side by side: what became of the sites between them, drawn on the map and told in the panel, kind by kind. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, MOST = 200;

  /* A comparison shows nothing until it is asked to `show(before, after)`: { day, clock, told } each, with the earlier day first. */
  restoration.Comparison = function (map, store, panel, facts) {
    this.map = map;
    this.store = store;
    this.facts = facts;
    this.words = store.page.words;
    this.looks = store.page.kinds.looks;
    this.open = null; // the kind whose sites are listed
    this.node = el('section', { 'class': 'two-days', hidden: '' });
    panel.body.insertBefore(this.node, panel.body.children[1] || null);
    var self = this;
    store.listeners.push(function () { if (store.comparison) { self.tell(); } });
  };

  restoration.Comparison.prototype = {
    show: function (before, after, past) {
      var store = this.store;
      this.days = [before.told, after.told];
      this.before = store.standing(before.day, before.clock, past);
      this.after = store.standing(after.day, after.clock, past);
      store.comparison = this;
      this.node.hidden = false;
      store.showDay(after.day, after.clock, past);
    },

    end: function () {
      this.store.comparison = null;
      this.node.hidden = true;
      this.kinds = null;
    },

    /* The looks of shapes: what did not change is faint, what did has the look of its gravest kind, and of what was redrawn the old boundary stands too. */
    look: function (looks) {
      var store = this.store, first = store.classes.length - this.looks.length, number = {}, self = this;
      this.kinds = store.changesBetween(this.before, this.after);
      this.looks.forEach(function (look, at) { number[look.code] = first + at; });
      for (var row = 0; row < store.number; row++) { if (store.shapeOf[row] >= 0 && !store.hidden[row]) { looks[store.shapeOf[row]] = number.unchanged; } }
      ['revised', 'redrawn', 'new', 'moved', 'begun', 'accepted', 'fallen', 'struck'].forEach(function (kind) {
        self.kinds[kind].rows.forEach(function (row) { if (store.shapeOf[row] >= 0) { looks[store.shapeOf[row]] = number[kind]; } });
      });
      this.kinds.redrawn.rows.forEach(function (row) { if (self.before.shapeOf[row] >= 0) { looks[self.before.shapeOf[row]] = number.before; } });
    },

    tell: function () {
      var self = this, words = this.words, kinds = this.kinds, changed = {}, node = this.node;
      if (!kinds) { return; }
      node.textContent = '';
      node.appendChild(el('h2', {}, say(words.between_days, { a: this.days[0], b: this.days[1] })));
      node.appendChild(el('p', { 'class': 'quiet units' }, el('span', { 'class': 'count' }, words.sites), el('span', { 'class': 'number' }, words.mu)));
      var list = el('div', { 'class': 'rows' });
      this.looks.slice(1, -1).forEach(function (look) {
        var kind = kinds[look.code];
        kind.rows.forEach(function (row) { changed[row] = true; });
        if (kind.rows.length) { self.line(look, kind).forEach(function (part) { list.appendChild(part); }); }
      });
      node.appendChild(list);
      if (kinds.redrawn.rows.length) { node.appendChild(el('p', { 'class': 'quiet before-line' }, swatch(this.looks[this.looks.length - 1]), words.before_line)); }
      node.appendChild(el('p', { 'class': 'quiet' }, say(words.unchanged, { n: many(this.store.shown - Object.keys(changed).length) })));
      node.appendChild(el('p', { 'class': 'quiet' }, words.compare_note));
    },

    /* A kind with its number and area; under the one that is open, its sites. */
    line: function (look, kind) {
      var self = this, isOpen = this.open === look.code;
      var row = el('button', { type: 'button', 'class': 'row', 'data-kind': look.code, 'aria-expanded': String(isOpen) }, swatch(look),
        el('span', { 'class': 'name' }, look.label), el('span', { 'class': 'count' }, many(kind.rows.length)), el('span', { 'class': 'number' }, signed(kind.steps, look.code === 'redrawn')));
      row.addEventListener('click', function () {
        self.open = isOpen ? null : look.code;
        self.tell();
        if (self.open) { self.go(kind.rows); }
        var again = self.node.querySelector('[data-kind=' + look.code + ']');
        if (again) { again.focus({ preventScroll: true }); }
      });
      return isOpen ? [row, this.list(kind.rows)] : [row];
    },

    list: function (rows) {
      var self = this, store = this.store, list = el('ul', { 'class': 'choices' });
      rows.slice(0, MOST).forEach(function (row) {
        var was = self.status(self.before, row), is = self.status(self.after, row), said = was === is ? is : was + ' → ' + is;
        var button = el('button', { type: 'button' }, el('span', { 'class': 'choice-name' }, store.title(row), el('small', {}, said)), el('span', { 'class': 'number' }, store.mu(row)));
        button.addEventListener('click', function () {
          self.facts.one(row, null);
          self.go([row]);
        });
        list.appendChild(el('li', {}, button));
      });
      if (rows.length > MOST) { list.appendChild(el('li', { 'class': 'quiet' }, say(this.words.more_sites, { n: many(rows.length - MOST) }))); }
      return list;
    },

    status: function (stood, row) {
      return stood.absent[row] ? this.words.absent_then : this.store.values('status')[(stood.columns.status || this.store.columns.status)[row]];
    },

    /* The facts, where they are open, lie over the right edge of a wide map: sites are brought beside them. */
    go: function (rows) {
      var bounds = this.store.bounds(rows), old = this.store.bounds(rows, this.before.shapeOf), card = this.facts.node, wide = card.offsetLeft > this.map.getSize().x / 2 ? card.offsetWidth : 0;
      if (bounds && old) { bounds.extend(old); }
      if (bounds) { this.map.fitBounds(bounds, { maxZoom: 17, paddingTopLeft: [70, 60], paddingBottomRight: [70 + wide, 130], animate: false }); }
    }
  };

  function many(number) { return number.toLocaleString('en-US'); }

  function signed(steps, isDifference) {
    var told = restoration.inMu(Math.abs(steps)), sign = !isDifference || told === '0.00' ? '' : steps < 0 ? '−' : '+';
    return sign + told;
  }

  /* A kind as it is on the map. */
  function swatch(look) {
    var canvas = el('canvas', { 'class': 'kind-swatch', width: 68, height: 36, 'aria-hidden': 'true' }), pen = canvas.getContext('2d');
    pen.scale(2, 2);
    pen.beginPath();
    pen.rect(2, 2, 30, 14);
    pen.globalAlpha = look.code === 'before' ? 0 : 0.3;
    pen.fillStyle = look.colour;
    pen.fill();
    pen.globalAlpha = 0.85;
    pen.fillStyle = (look.hatch && restoration.texture(pen, look.hatch, look.colour, 2)) || 'rgba(0, 0, 0, 0)';
    pen.fill();
    pen.globalAlpha = 1;
    pen.setLineDash(look.dash ? look.dash.split(' ').map(Number) : []);
    pen.strokeStyle = look.colour;
    pen.lineWidth = 2.4;
    pen.stroke();
    return canvas;
  }
})();
