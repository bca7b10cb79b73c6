/* What is told of a site: a tooltip under the pointer, and on a click its facts beside the map. All by textContent. */
(function () {
  'use strict';

  var el = restoration.el, HIT_PX = 4, SVG = 'http://www.w3.org/2000/svg';

  restoration.swatch = function (look) {
    var node = document.createElementNS(SVG, 'svg'), box = document.createElementNS(SVG, 'rect');
    var attributes = { x: 2, y: 2, width: 30, height: 14, rx: 2.5, fill: look.colour, 'fill-opacity': look.fill, stroke: look.colour, 'stroke-width': look.weight, 'stroke-dasharray': look.dash };
    Object.keys(attributes).forEach(function (name) { box.setAttribute(name, attributes[name]); });
    node.setAttribute('class', 'swatch');
    node.setAttribute('viewBox', '0 0 34 18');
    node.setAttribute('aria-hidden', 'true');
    node.appendChild(box);
    return node;
  };

  function Facts(map, store) {
    this.map = map;
    this.store = store;
    this.words = store.page.words;
    this.paused = false; // while clicks are for another tool
    this.looks = {};
    store.page.legend.groups.forEach(function (group) { this.looks[group.code] = group; }, this);
    this.measures = {};
    store.page.legend.measures.forEach(function (measure) { this.measures[measure.code] = measure.label; }, this);
    this.layers = {};
    store.page.legend.layers.forEach(function (layer) { this.layers[layer.code] = layer.label; }, this);
    this.node = el('section', { 'class': 'facts', 'aria-label': this.words.facts, tabindex: '-1', hidden: '' });
    map.getContainer().parentNode.appendChild(this.node);
    this.mark = L.layerGroup().addTo(map);
    this.watch();
  }

  Facts.prototype = {
    watch: function () {
      var self = this, map = this.map, pending = null, tip = L.tooltip({ direction: 'top', offset: [0, -10], className: 'site-tip', opacity: 1 });
      function slack() { return HIT_PX / Math.pow(2, map.getZoom()); }
      map.on('mousemove', function (event) {
        var idle = pending === null;
        pending = event.latlng;
        if (idle) {
          requestAnimationFrame(function () {
            var latlng = self.paused ? null : pending, rows = latlng ? self.store.at(latlng, slack()) : [];
            pending = null;
            map.getContainer().classList.toggle('on-site', rows.length > 0);
            if (rows.length) { tip.setLatLng(latlng).setContent(self.tip(rows)).addTo(map); } else { tip.remove(); }
          });
        }
      });
      map.on('mouseout zoomstart', function () { pending = null; tip.remove(); });
      map.on('click', function (event) { if (self.paused) { return; } tip.remove(); self.show(self.store.at(event.latlng, slack())); });
      document.addEventListener('keydown', function (event) { if (event.key === 'Escape') { self.close(); } });
    },

    tip: function (rows) {
      var self = this, shown = rows.slice(0, 3).map(function (row) {
        return el('div', { 'class': 'tip-site' },
          el('strong', {}, self.store.title(row)),
          el('span', {}, self.measures[self.store.text('measure', row)] + ' · ' + self.store.text('status', row)),
          el('span', { 'class': 'number' }, self.store.mu(row) + ' ' + self.words.mu));
      });
      if (rows.length > 1) { shown.push(el('div', { 'class': 'tip-more' }, restoration.say(self.words.here, { n: rows.length }))); }
      var node = el('div', {});
      shown.forEach(function (part) { node.appendChild(part); });
      return node;
    },

    show: function (rows) {
      var self = this;
      if (!this.store.shapes) { this.store.drawn.then(function () { self.show(rows); }); return; } // nothing is known of them yet
      if (!rows.length) { this.close(); return; }
      if (rows.length === 1) { this.one(rows[0], null); } else { this.list(rows); }
    },

    open: function () {
      if (this.node.hidden) { this.before = document.activeElement; }
      this.node.textContent = '';
      this.node.hidden = false;
      this.node.scrollTop = 0;
      var close = el('button', { 'class': 'close', type: 'button', 'aria-label': this.words.close, title: this.words.close }, '×'), self = this;
      close.addEventListener('click', function () { self.close(); });
      this.node.appendChild(close);
      this.node.focus({ preventScroll: true });
    },

    close: function () {
      if (this.node.hidden) { return; }
      this.node.hidden = true;
      this.mark.clearLayers();
      if (this.before && this.before.focus) { this.before.focus({ preventScroll: true }); }
    },

    highlight: function (rows) {
      var mark = this.mark, store = this.store;
      mark.clearLayers();
      rows.forEach(function (row) {
        var rings = store.rings(row);
        mark.addLayer(L.polygon(rings, { color: '#fff', weight: 6, opacity: 0.9, fill: false, interactive: false }));
        mark.addLayer(L.polygon(rings, { color: '#1b1b18', weight: 2.2, fill: false, interactive: false }));
      });
    },

    /* Moves the map so that the site is not under this very card. */
    uncover: function (row) {
      var bounds = this.store.bounds([row]), map = this.map;
      if (!bounds) { return; }
      var at = map.latLngToContainerPoint(bounds.getCenter()), card = this.node.getBoundingClientRect(), size = map.getSize();
      var place = map.getContainer().getBoundingClientRect(), left = card.left - place.left, top = card.top - place.top;
      if (left > size.x / 2) {
        if (at.x > left - 40) { map.panBy([at.x - left + 120, 0]); }
      } else if (at.y > top - 30) { map.panBy([0, at.y - top / 2]); }
    },

    list: function (rows) {
      var self = this, words = this.words;
      this.open();
      this.highlight(rows);
      var list = el('ul', { 'class': 'choices' });
      rows.forEach(function (row) {
        var button = el('button', { type: 'button' },
          restoration.swatch(self.looks[self.store.text('group', row)]),
          el('span', { 'class': 'choice-name' }, self.store.title(row), el('small', {}, self.measures[self.store.text('measure', row)] + ' · ' + self.store.text('status', row))),
          el('span', { 'class': 'number' }, self.store.mu(row) + ' ' + words.mu));
        button.addEventListener('click', function () { self.one(row, rows); });
        list.appendChild(el('li', {}, button));
      });
      this.node.appendChild(el('header', {}, el('h2', {}, restoration.say(words.here, { n: rows.length })), el('p', { 'class': 'quiet' }, words.here_choose)));
      this.node.appendChild(list);
    },

    one: function (row, others) {
      var self = this, store = this.store, words = this.words, look = this.looks[store.text('group', row)];
      this.open();
      this.highlight([row]);
      if (!store.isWhole) { store.whole.then(function () { if (self.row === row && !self.node.hidden) { self.one(row, others); } }); }
      this.row = row;
      if (others) {
        var back = el('button', { 'class': 'back', type: 'button' }, '‹ ' + words.back);
        back.addEventListener('click', function () { self.list(others); });
        this.node.appendChild(back);
      }
      var chip = el('p', { 'class': 'chip' }, restoration.swatch(look), el('span', {}, store.text('status', row)), el('small', {}, look.label));
      this.node.appendChild(el('header', {}, el('p', { 'class': 'quiet' }, this.measures[store.text('measure', row)]), el('h2', {}, store.title(row)), chip));
      if (!store.flag('counted', row)) { this.node.appendChild(el('p', { 'class': 'badge' }, words.not_counted)); }
      if (store.flag('is_sample', row)) { this.node.appendChild(el('p', { 'class': 'badge' }, words.sample_site)); }
      if (store.day !== null) { this.node.appendChild(el('p', { 'class': 'of-day' }, restoration.say(words['as_of_' + store.clock], { d: restoration.dayOf(store.day) }))); }
      restoration.problems.told(store, row, this.node);
      this.node.appendChild(this.table(row));
      restoration.photos(store, row, this.node);
      this.node.appendChild(this.history(row));
      this.uncover(row);
    },

    table: function (row) {
      var list = el('dl', {}), words = this.words, store = this.store, labels = { measure: this.measures, layer: this.layers };
      store.page.facts.forEach(function (fact) {
        var area = fact.kind === 'area', value = area ? store.area(fact.name, 'mu', row) : store.text(fact.name, row);
        if (!value || (store.day !== null && /^last_/.test(fact.name))) { return; } // the list of entries tells the last one of that day
        if (fact.kind === 'code') { value = labels[fact.name][value]; }
        var told = area ? el('dd', { 'class': 'number' }, value + ' ' + words.mu, el('small', {}, store.area(fact.name, 'ha', row) + ' ' + words.ha)) : el('dd', {}, value);
        list.appendChild(el('div', { 'class': fact.name === 'area_m2' ? 'main' : '' }, el('dt', {}, fact.label), told));
      });
      return list;
    },

    history: function (row) {
      var words = this.words, entries = this.store.history(row), list = el('ol', { 'class': 'history' });
      entries.forEach(function (entry) {
        var line = el('p', {}, el('span', { 'class': 'kind' }, entry.kind), entry.status ? el('strong', {}, entry.status) : null);
        var item = el('li', {}, el('time', { datetime: entry.day }, entry.day), line);
        if (entry.document) { item.appendChild(el('p', { 'class': 'quiet' }, words.doc + ' ' + entry.document)); }
        if (entry.note) { item.appendChild(el('p', { 'class': 'note' }, entry.note)); }
        if (entry.by) { item.appendChild(el('p', { 'class': 'quiet' }, words.by + ' ' + entry.by)); }
        list.appendChild(item);
      });
      return el('div', {}, el('h3', {}, words.history), entries.length ? list : el('p', { 'class': 'quiet' }, !this.store.entries ? words.reading : this.store.day === null ? words.no_history : words.older_history));
    }
  };

  restoration.Facts = Facts;
})();
