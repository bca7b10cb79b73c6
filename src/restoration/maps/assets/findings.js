/* The panel of a map of findings: how many of each level, their kinds to filter by, and each of them to go to. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, MOST = 300, ZOOM = 18;
  var RADIUS = { error: 8, warning: 6.5, note: 5 }, GREY = '#8b9087';

  function FindingsPanel(map, store, layers, facts) {
    this.map = map;
    this.store = store;
    this.layers = layers;
    this.facts = facts;
    this.words = store.page.words;
    this.marks = store.page.findings.marks;
    this.levels = {};
    store.page.findings.levels.forEach(function (level) { this.levels[level.code] = level; }, this);
    this.off = {};
    this.node = el('aside', { 'class': 'panel', 'aria-label': this.words.panel });
    this.body = el('div', { 'class': 'panel-body', id: 'panel-body' });
    this.node.appendChild(this.heading());
    this.node.appendChild(this.body);
    [this.totals(), this.search(), this.kinds(), this.list(), this.footer()].forEach(function (part) { this.body.appendChild(part); }, this);
    this.place();
    this.tell();
  }

  FindingsPanel.prototype = Object.assign(Object.create(restoration.Panel.prototype), {
    totals: function () {
      var marks = this.marks;
      return el.apply(null, ['section', { 'class': 'totals thirds' }].concat(this.store.page.findings.levels.map(function (level) {
        var number = marks.filter(function (mark) { return mark.level === level.code && !mark.waived; }).length;
        return el('div', {}, el('b', {}, many(number)), el('span', {}, dot(level.colour), level.label));
      })));
    },

    /* One row a code; the first click shows one alone, as in the legend of the main map. */
    kinds: function () {
      var self = this, words = this.words, codes = {};
      var order = Object.keys(this.levels); // the gravest first
      this.marks.forEach(function (mark) {
        var kind = codes[mark.code] = codes[mark.code] || { code: mark.code, about: mark.about, level: mark.level, number: 0 };
        kind.number += 1;
        if (order.indexOf(mark.level) < order.indexOf(kind.level)) { kind.level = mark.level; }
      });
      var kinds = Object.keys(codes).sort().map(function (code) { return codes[code]; });
      var reset = this.reset = el('button', { 'class': 'reset', type: 'button', hidden: '' }, words.show_all);
      reset.addEventListener('click', function () { self.off = {}; self.tell(); });
      this.rows = kinds.map(function (kind) {
        var row = el('button', { type: 'button', 'class': 'row kind', 'data-code': kind.code }, dot(self.levels[kind.level].colour),
          el('span', { 'class': 'name' }, el('b', {}, kind.code), ' ' + kind.about), el('span', { 'class': 'count' }, many(kind.number)));
        row.addEventListener('click', function () {
          var hidden = kinds.filter(function (other) { return self.off[other.code]; }).length;
          if (hidden === 0) { kinds.forEach(function (other) { self.off[other.code] = other !== kind; }); } else { self.off[kind.code] = !self.off[kind.code]; }
          if (kinds.every(function (other) { return self.off[other.code]; })) { self.off = {}; }
          self.tell();
        });
        return row;
      });
      this.told = el('p', { 'class': 'told', role: 'status' });
      var rows = el('div', { 'class': 'rows', role: 'group', 'aria-label': words.kinds });
      this.rows.forEach(function (row) { rows.appendChild(row); });
      return el('section', { 'class': 'statuses' }, el('h2', {}, words.kinds, el('small', {}, words.filter_hint)), el('div', { 'class': 'filter' }, this.told, reset), rows);
    },

    list: function () {
      this.items = el('div', { 'class': 'rows found' });
      return el('section', {}, el('h2', {}, this.words.list, el('small', {}, this.words.list_hint)), this.items);
    },

    footer: function () {
      var words = this.words, node = el('footer', {}, el('p', {}, words.made_of));
      if (this.store.page.packs.refused) { node.appendChild(el('p', {}, words.refused)); }
      node.appendChild(el('p', {}, words.datum));
      node.appendChild(el('p', { 'class': 'mark' }, words.internal));
      return node;
    },

    /* Rows that were not taken, and a mark for each finding that has a place: the gravest on top. */
    place: function () {
      var self = this, map = this.map;
      map.createPane('findings').style.zIndex = 480;
      var renderer = L.canvas({ pane: 'findings', padding: 0.5 }), order = Object.keys(this.levels);
      this.store.refused.then(function (shapes) {
        shapes.forEach(function (rings) {
          L.polygon(rings, { color: self.levels.error.colour, weight: 2, dashArray: '6 4', fillOpacity: 0.08, interactive: false, pane: 'findings', renderer: renderer }).addTo(map);
        });
      });
      this.circles = {};
      this.upwards = this.marks.map(function (mark, i) { return i; }).sort(function (a, b) {
        return order.indexOf(self.marks[b].level) - order.indexOf(self.marks[a].level);
      });
      this.upwards.forEach(function (i) {
        var mark = self.marks[i];
        if (!mark.place) { return; }
        var circle = L.circleMarker([mark.place[1], mark.place[0]], { radius: RADIUS[mark.level], color: '#fff', weight: 2, fillOpacity: 0.95, bubblingMouseEvents: false,
          fillColor: mark.waived ? GREY : self.levels[mark.level].colour, pane: 'findings', renderer: renderer });
        circle.on('click', function () { self.show(i); });
        self.circles[i] = circle;
      });
      this.ring = L.circleMarker([0, 0], { radius: 13, color: '#1b1b18', weight: 2.5, fill: false, interactive: false, pane: 'findings', renderer: renderer });
      var close = this.facts.close, ring = this.ring;
      this.facts.close = function () { ring.remove(); close.call(this); };
    },

    visible: function (i) { return !this.off[this.marks[i].code]; },

    /* After a change of the filter: marks, list and rows say the same. */
    tell: function () {
      var self = this, words = this.words, shown = [];
      this.marks.forEach(function (mark, i) { if (self.visible(i)) { shown.push(i); } });
      this.upwards.forEach(function (i) {
        var circle = self.circles[i];
        if (circle && self.visible(i)) { circle.addTo(self.map).bringToFront(); } else if (circle) { circle.remove(); }
      });
      this.items.textContent = '';
      shown.slice(0, MOST).forEach(function (i) { self.items.appendChild(self.item(i)); });
      if (shown.length > MOST) { this.items.appendChild(el('p', { 'class': 'quiet' }, say(words.more_findings, { n: many(shown.length - MOST) }))); }
      if (!this.marks.length) { this.items.appendChild(el('p', { 'class': 'quiet' }, words.no_findings)); }
      this.rows.forEach(function (row) {
        var hidden = Boolean(self.off[row.dataset.code]);
        row.setAttribute('aria-pressed', String(!hidden));
        row.classList.toggle('off', hidden);
      });
      this.reset.hidden = shown.length === this.marks.length;
      this.told.textContent = this.reset.hidden ? '' : say(words.filtered_findings, { k: many(shown.length), n: many(this.marks.length) });
    },

    item: function (i) {
      var self = this, mark = this.marks[i], named = mark.sites.join(' · ') || mark.where;
      var button = el('button', { type: 'button', 'class': 'row item' + (mark.waived ? ' waived' : ''), 'data-mark': i }, dot(this.levels[mark.level].colour),
        el('span', { 'class': 'name' }, el('b', {}, mark.code), ' ' + mark.message, el('small', {}, named + (mark.place ? '' : ' · ' + this.words.no_place))));
      button.addEventListener('click', function () { self.go(i); });
      return button;
    },

    go: function (i) {
      var mark = this.marks[i], bounds = mark.rows.length ? this.store.bounds(mark.rows) : null;
      if (window.matchMedia('(max-width: 720px)').matches) { this.node.querySelector('.toggle[aria-expanded=true]') && this.node.querySelector('.toggle').click(); }
      this.show(i);
      var covered = this.facts.node.offsetLeft > this.map.getSize().x / 2 ? this.facts.node.offsetWidth : 0;
      if (mark.place) { bounds = (bounds || L.latLngBounds([])).extend([mark.place[1], mark.place[0]]); }
      if (bounds) { this.map.fitBounds(bounds, { maxZoom: ZOOM, paddingTopLeft: [60, 60], paddingBottomRight: [60 + covered, 60], animate: false }); }
    },

    /* The card of a finding, in the place of a site's. */
    show: function (i) {
      var self = this, mark = this.marks[i], words = this.words, facts = this.facts, node = facts.node, list = el('dl', {});
      facts.open();
      facts.highlight(mark.rows);
      if (mark.place) { this.ring.setLatLng([mark.place[1], mark.place[0]]).addTo(this.map); } else { this.ring.remove(); }
      node.appendChild(el('header', {}, el('p', { 'class': 'quiet' }, mark.about), el('h2', {}, mark.code),
        el('p', { 'class': 'chip' }, dot(this.levels[mark.level].colour), el('span', {}, this.levels[mark.level].one), el('small', {}, mark.state))));
      node.appendChild(el('p', { 'class': 'message' }, mark.message));
      node.appendChild(el('h3', {}, words.way_out));
      node.appendChild(el('p', { 'class': 'message' }, mark.way_out));
      [[words.where, mark.where], [words.place, mark.place ? mark.place[0].toFixed(6) + ',' + mark.place[1].toFixed(6) : words.no_place]].forEach(function (pair) {
        if (pair[1]) { list.appendChild(el('div', {}, el('dt', {}, pair[0]), el('dd', {}, pair[1]))); }
      });
      node.appendChild(list);
      if (!mark.sites.length) { return; }
      node.appendChild(el('h3', {}, words.concerned));
      var choices = el('ul', { 'class': 'choices' });
      mark.sites.forEach(function (site) {
        var row = mark.rows.filter(function (one) { return self.store.text('site_id', one) === site; })[0];
        if (row === undefined) { choices.appendChild(el('li', {}, site)); return; }
        var button = el('button', { type: 'button' }, restoration.swatch(facts.looks[self.store.text('group', row)]),
          el('span', { 'class': 'choice-name' }, site, el('small', {}, self.store.title(row) + ' · ' + self.store.text('status', row))),
          el('span', { 'class': 'number' }, self.store.mu(row) + ' ' + words.mu));
        button.addEventListener('click', function () { facts.one(row, null); });
        choices.appendChild(el('li', {}, button));
      });
      node.appendChild(choices);
    }
  });

  function dot(colour) {
    var node = el('span', { 'class': 'dot', 'aria-hidden': 'true' });
    node.style.background = colour;
    return node;
  }

  function many(number) { return number.toLocaleString('en-US'); }

  restoration.FindingsPanel = FindingsPanel;
})();
