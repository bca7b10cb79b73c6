/* The panel beside the map: title, totals, search, layers with their measures, and the legend that filters. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, MOST = 8;

  function Panel(map, store, layers, facts) {
    this.map = map;
    this.store = store;
    this.layers = layers;
    this.facts = facts;
    this.words = store.page.words;
    this.sums = [];
    this.sharing = el('p', { hidden: '' });
    this.node = el('aside', { 'class': 'panel', 'aria-label': this.words.panel });
    this.body = el('div', { 'class': 'panel-body', id: 'panel-body' });
    this.node.appendChild(this.heading());
    this.node.appendChild(this.body);
    [this.totals(), this.search(), this.groupList(), restoration.filters(store), restoration.problems(store), this.layerList(), this.footer()].forEach(function (part) { this.body.appendChild(part); }, this);
    var self = this;
    store.listeners.push(function () { self.tell(); });
    store.told.then(function () { self.tell(); });
    this.tell();
  }

  Panel.prototype = {
    heading: function () {
      var page = this.store.page, words = this.words, node = this.node, map = this.map;
      var toggle = el('button', { 'class': 'toggle', type: 'button', 'aria-controls': 'panel-body' });
      function turn(open) {
        node.classList.toggle('closed', !open);
        toggle.setAttribute('aria-expanded', String(open));
        toggle.setAttribute('aria-label', open ? words.close_panel : words.open_panel);
        toggle.title = open ? words.close_panel : words.open_panel;
      }
      toggle.appendChild(el('span', { 'aria-hidden': 'true' }));
      toggle.addEventListener('click', function () {
        turn(node.classList.contains('closed'));
        map.invalidateSize({ animate: false });
      });
      turn(!window.matchMedia('(max-width: 720px)').matches);
      return el('header', { 'class': 'heading' }, el('div', {}, el('h1', {}, page.title), el('p', { 'class': 'as-of' }, page.as_of)), toggle);
    },

    totals: function () {
      var whole = this.store.page.legend.whole, words = this.words;
      var self = this;
      function figure(what, unit, label) { return el('div', {}, el('b', {}, self.sum('whole', '', what, whole), unit ? el('small', {}, ' ' + unit) : null), el('span', {}, label)); }
      return el('section', { 'class': 'totals' },
        figure('task', words.mu, words.task), figure('land', words.mu, words.land),
        figure('sites', '', words.sites), whole.mines ? figure('mines', '', words.mines) : null);
    },

    search: function () {
      var self = this, words = this.words;
      var input = el('input', { type: 'search', id: 'search', placeholder: words.search, 'aria-label': words.search_label, role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'aria-expanded': 'false', 'aria-controls': 'found', 'aria-autocomplete': 'list' });
      var list = el('ul', { id: 'found', role: 'listbox', 'aria-label': words.search_label, hidden: '' });
      var results = [], active = -1;
      function pick(result) {
        list.hidden = true;
        input.setAttribute('aria-expanded', 'false');
        self.goTo(result);
      }
      function mark(place) {
        active = place;
        [].forEach.call(list.querySelectorAll('[role=option]'), function (option, i) { option.setAttribute('aria-selected', String(i === active)); });
        if (active >= 0) { input.setAttribute('aria-activedescendant', 'found-' + active); } else { input.removeAttribute('aria-activedescendant'); }
      }
      function renew() {
        results = self.store.search(input.value);
        list.textContent = '';
        results.slice(0, MOST).forEach(function (result, i) {
          var option = el('li', { role: 'option', id: 'found-' + i, 'aria-selected': 'false' }, self.result(result));
          option.addEventListener('mousedown', function (event) { event.preventDefault(); pick(result); });
          list.appendChild(option);
        });
        if (!results.length) { list.appendChild(el('li', { 'class': 'quiet', role: 'presentation' }, words.no_result)); }
        if (results.length > MOST) { list.appendChild(el('li', { 'class': 'quiet', role: 'presentation' }, say(words.more_results, { n: many(results.length - MOST) }))); }
        list.hidden = !input.value.trim();
        input.setAttribute('aria-expanded', String(!list.hidden));
        mark(-1);
      }
      input.addEventListener('input', renew);
      input.addEventListener('focus', renew);
      input.addEventListener('blur', function () { list.hidden = true; input.setAttribute('aria-expanded', 'false'); });
      input.addEventListener('keydown', function (event) {
        var last = Math.min(results.length, MOST) - 1;
        if (event.key === 'ArrowDown') { mark(Math.min(last, active + 1)); event.preventDefault(); }
        if (event.key === 'ArrowUp') { mark(Math.max(0, active - 1)); event.preventDefault(); }
        if (event.key === 'Enter' && results.length) { pick(results[Math.max(0, active)]); }
        if (event.key === 'Escape') { list.hidden = true; event.stopPropagation(); }
      });
      return el('section', { 'class': 'search' }, input, list);
    },

    result: function (result) {
      var store = this.store, words = this.words, node = document.createDocumentFragment();
      if (result.town) {
        node.appendChild(el('span', {}, result.town, el('small', {}, words.town)));
        node.appendChild(el('span', { 'class': 'number' }, say(words.number_sites, { n: many(result.rows.length) })));
        return node;
      }
      var row = result.row, number = store.text('source_id', row), where = [number !== result.title ? number : '', store.text('town', row), store.text('village', row)];
      node.appendChild(el('span', {}, result.title, el('small', {}, where.filter(Boolean).join(' · '))));
      node.appendChild(el('span', { 'class': 'number' }, store.mu(row) + ' ' + words.mu));
      return node;
    },

    goTo: function (result) {
      var bounds = this.store.bounds(result.rows);
      var narrow = window.matchMedia('(max-width: 720px)').matches;
      if (narrow) { this.node.querySelector('.toggle[aria-expanded=true]') && this.node.querySelector('.toggle').click(); }
      if (result.town) { this.facts.close(); } else { this.facts.show([result.row]); }
      /* On a wide screen the facts lie over the right edge: the site is brought beside them. */
      var covered = result.town || narrow ? 0 : this.facts.node.offsetWidth;
      if (bounds) { this.map.fitBounds(bounds, { maxZoom: 17, paddingTopLeft: [60, 60], paddingBottomRight: [60 + covered, 60], animate: false }); }
    },

    /* The legend. The first click shows one group alone; more clicks add or take away; none or all is no filter. */
    groupList: function () {
      var self = this, words = this.words, groups = this.store.page.legend.groups, off = this.store.off.group;
      var reset = this.reset = el('button', { 'class': 'reset', type: 'button', hidden: '' }, words.show_all);
      reset.addEventListener('click', function () {
        Object.keys(self.store.off).forEach(function (kind) { if (kind !== 'layer') { self.store.off[kind] = Object.create(null); } });
        self.turnLayers(true);
        self.store.changed();
      });
      this.rows = groups.map(function (group) {
        var row = el('button', { type: 'button', 'class': 'row', 'data-group': group.code }, restoration.swatch(group),
          el('span', { 'class': 'name' }, group.label), el('span', { 'class': 'count' }, self.sum('group', group.code, 'sites', group)),
          el('span', { 'class': 'number' }, self.sum('group', group.code, 'task', group)));
        row.addEventListener('click', function () {
          off = self.store.off.group;
          var hidden = groups.filter(function (other) { return off[other.code]; }).length;
          if (hidden === 0) { groups.forEach(function (other) { off[other.code] = other !== group; }); } else { off[group.code] = !off[group.code]; }
          if (groups.every(function (other) { return off[other.code]; })) { self.store.off.group = {}; }
          self.store.changed();
        });
        return row;
      });
      this.told = el('p', { 'class': 'told', role: 'status' });
      var list = el('div', { 'class': 'rows', role: 'group', 'aria-label': words.statuses });
      this.rows.forEach(function (row) { list.appendChild(row); });
      this.leftOut = el('p', { 'class': 'quiet' });
      return el('section', { 'class': 'statuses' },
        el('h2', {}, words.statuses, el('small', {}, words.filter_hint), el('span', { 'class': 'unit count' }, words.sites), el('span', { 'class': 'unit number' }, words.mu)),
        el('div', { 'class': 'filter' }, this.told, reset), list,
        this.leftOut);
    },

    layerList: function () {
      var self = this, words = this.words, legend = this.store.page.legend, node = el('section', { 'class': 'layers' });
      node.appendChild(el('h2', {}, words.layers, el('span', { 'class': 'unit' }, words.task + ' ' + words.mu)));
      this.boxes = [];
      legend.layers.forEach(function (layer) {
        var list = el('ul', {});
        legend.measures.filter(function (measure) { return measure.layer === layer.code; }).forEach(function (measure) {
          var box = self.box('measure', measure.code, say(words.show_measure, { name: measure.label }), function (on) { self.store.turn('measure', measure.code, !on); });
          list.appendChild(el('li', {}, el('label', {}, box, el('span', { 'class': 'name' }, measure.label),
            el('span', { 'class': 'count' }, self.sum('measure', measure.code, 'sites', measure)), el('span', { 'class': 'number' }, self.sum('measure', measure.code, 'task', measure)))));
        });
        var box = self.box('layer', layer.code, say(words.show_layer, { name: layer.label }), function (on) { self.turnLayer(layer.code, on); });
        node.appendChild(el('div', { 'class': 'layer' },
          el('label', { 'class': 'layer-name' }, box, textureSwatch(layer.texture), el('span', { 'class': 'name' }, layer.label), el('span', { 'class': 'number' }, self.sum('layer', layer.code, 'task', layer))),
          self.line(layer), list));
      });
      return node;
    },

    /* A number of the legend, which is that of all sites or, under a filter, that of the sites shown. */
    sum: function (kind, code, what, whole) {
      var node = el('span', { 'data-sum': kind + ' ' + code + ' ' + what });
      this.sums.push({ node: node, kind: kind, code: code, what: what, whole: whole });
      return node;
    },

    /* How many sites (and mines) a layer has, and on how much land. */
    line: function (layer) {
      var words = this.words, node = el('p', { 'class': 'quiet' }), text = layer.mines ? words.number_mines : words.number_sites;
      text.split(/(\{[nm]\})/).forEach(function (piece) {
        node.appendChild(piece === '{n}' ? this.sum('layer', layer.code, 'sites', layer) : piece === '{m}' ? this.sum('layer', layer.code, 'mines', layer) : document.createTextNode(piece));
      }, this);
      node.appendChild(el('span', {}, ' · ' + words.land + ' ', this.sum('layer', layer.code, 'land', layer), ' ' + words.mu));
      return node;
    },

    box: function (kind, code, name, turn) {
      var box = el('input', { type: 'checkbox', 'aria-label': name });
      box.checked = true;
      box.addEventListener('change', function () { turn(box.checked); });
      this.boxes.push({ kind: kind, code: code, box: box });
      return box;
    },

    turnLayer: function (code, on) {
      if (on) { this.layers[code].addTo(this.map); } else { this.layers[code].remove(); }
    },

    turnLayers: function (on) {
      Object.keys(this.layers).forEach(function (code) { this.turnLayer(code, on); }, this);
    },

    /* After a change of what is shown, from wherever it came: the legend says so. */
    tell: function () {
      var store = this.store, off = store.off, shown = store.shown;
      this.rows.forEach(function (button) {
        var hidden = Boolean(off.group[button.dataset.group]);
        button.setAttribute('aria-pressed', String(!hidden));
        button.classList.toggle('off', hidden);
      });
      this.boxes.forEach(function (part) { part.box.checked = !off[part.kind][part.code]; });
      var filtered = Object.keys(off).some(function (kind) { return Object.keys(off[kind]).some(function (code) { return off[kind][code]; }); });
      var found = filtered || store.day !== null ? store.sums() : null;
      this.sums.forEach(function (part) {
        var sums = found && (found[part.kind + ' ' + part.code] || { sites: 0, mines: 0, task: '0.00', land: store.cells ? '0.00' : undefined });
        var told = sums ? sums[part.what] : part.whole[part.what];
        part.node.textContent = told === undefined ? '—' : typeof told === 'number' ? many(told) : told;
      });
      this.reset.hidden = !filtered;
      var said = filtered ? say(this.words.filtered, { k: many(shown), n: many(store.number) }) : store.day !== null ? this.words.of_that_day : '';
      this.told.textContent = said && store.page.packs.shared === undefined ? said + this.words.no_land : said;
      this.between(found ? store.between : store.page.legend.shared);
      var out = found ? store.leftOut : store.page.legend.left_out;
      this.leftOut.textContent = out ? say(this.words.left_out, { n: many(out) }) : '';
    },

    /* By how much the layers' land areas exceed the whole. */
    between: function (area) {
      this.sharing.textContent = area ? say(this.words.shared, { a: area }) : '';
      this.sharing.hidden = !area;
    },

    footer: function () {
      var page = this.store.page, words = this.words, notes = [words.task_note, words.land_note];
      notes.push(words.rule, words.datum);
      if (page.error_m) { notes.push(say(words.simplified, { d: page.error_m })); }
      var node = el('footer', {});
      notes.forEach(function (note) { node.appendChild(el('p', {}, note)); });
      node.insertBefore(this.sharing, node.children[2]);
      node.appendChild(el('p', { 'class': 'mark' }, page['public'] ? words.review : words.internal));
      return node;
    }
  };

  function many(number) { return number.toLocaleString('en-US'); }

  var textureSwatch = restoration.textureSwatch = function (number) {
    var canvas = el('canvas', { 'class': 'texture', width: 44, height: 32, 'aria-hidden': 'true' }), pen = canvas.getContext('2d');
    pen.scale(2, 2);
    pen.fillStyle = '#e7e5dc';
    pen.fillRect(0, 0, 22, 16);
    pen.fillStyle = restoration.texture(pen, number, '#5d5b52', 2) || '#e7e5dc';
    pen.fillRect(0, 0, 22, 16);
    return canvas;
  };

  restoration.Panel = Panel;
})();
