/* The control of the basemaps: which is shown, how clear, what stands beside it; and whose they are. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, PATIENCE_MS = 8000; // without one tile by then there is no network
  var LEFT = 'basemap', OVER = 'pictures', RIGHT = 'basemap-right';

  restoration.backdrop = function (map, id) {
    var node = document.getElementById(id), about = JSON.parse(node.textContent);
    node.textContent = ''; // the text is not needed twice
    return (restoration.opened.backdrop = new Backdrop(map, about));
  };

  function Backdrop(map, about) {
    var self = this;
    this.map = map;
    this.about = about;
    this.words = about.words;
    this.shown = about.basemaps[0] || null;
    this.beside = undefined;
    this.layers = [];
    this.heard = [];
    [[LEFT, 130], [OVER, 134], [RIGHT, 136]].forEach(function (pane) { map.createPane(pane[0]).style.zIndex = pane[1]; });
    this.pictures = about.pictures.map(function (picture) { return { about: picture, layer: restoration.basemapLayer(picture, OVER).addTo(map) }; });
    this.credits = new Credits({ position: 'bottomright' }).addTo(map);
    if (about.basemaps.length || about.pictures.length) {
      this.swipe = new restoration.Swipe(map, { left: [LEFT, OVER], right: RIGHT }, this.words);
      this.notice = el('p', { 'class': 'basemap-notice', role: 'status', hidden: '' }, this.words.not_loaded);
      map.getContainer().appendChild(this.notice);
      map.addControl(new Chooser(this));
      window.addEventListener('online', function () { self.draw(); });
    }
    this.draw();
  }

  Backdrop.prototype = {
    show: function (basemap) { this.shown = basemap; this.draw(); },

    /* What stands right of the swipe: a basemap, a picture, null for nothing, undefined for no swipe. */
    compare: function (basemap) { this.beside = basemap; this.draw(); },

    draw: function () {
      var map = this.map, self = this, swiped = this.beside !== undefined;
      this.layers.forEach(function (layer) { layer.remove(); });
      this.heard = [];
      this.layers = [];
      [[this.shown, LEFT], [swiped ? this.beside : null, RIGHT]].forEach(function (part) {
        if (part[0]) { self.layers.push(restoration.basemapLayer(part[0], part[1], self.listener(part[0])).addTo(map)); }
      });
      if (this.swipe) { this.swipe.turn(swiped); }
      this.notify();
      this.credit();
    },

    /* A service's tiles are listened to: none by and by is told, and all else goes on. */
    listener: function (about) {
      var self = this, heard = { about: about, came: 0, failed: 0 };
      if (about.kind !== 'service') { return null; }
      this.heard.push(heard);
      setTimeout(function () { heard.failed += heard.came ? 0 : 1; self.notify(); }, PATIENCE_MS);
      return function (came) { heard[came ? 'came' : 'failed']++; self.notify(); };
    },

    /* The ground stays as it is without a basemap until a tile lies on it. */
    notify: function () {
      var shown = this.shown, silent = this.heard.some(function (heard) { return heard.about === shown && !heard.came; });
      this.map.getContainer().classList.toggle('on-basemap', Boolean(shown) && !silent);
      if (this.notice) { this.notice.hidden = !this.heard.some(function (heard) { return heard.failed && !heard.came; }); }
    },

    credit: function () {
      var words = this.words, lines = [], self = this;
      [this.shown, this.beside].concat(this.pictures.filter(function (part) { return self.map.hasLayer(part.layer); }).map(function (part) { return part.about; }))
        .filter(Boolean).forEach(function (about) {
          if (about.datum === 'gcj02') { lines.push(say(words.shifted, { name: about.name })); }
          if (about.credit) { lines.push(about.credit === about.name ? about.credit : say(words.credit, { name: about.name, credit: about.credit })); }
        });
      if (this.about.review_no) { lines.push(say(words.review_no, { no: this.about.review_no })); }
      this.credits.tell(lines.filter(function (line, i) { return lines.indexOf(line) === i; }));
    }
  };

  var Credits = L.Control.extend({
    onAdd: function () { return (this.node = el('div', { 'class': 'basemap-credits' })); },
    tell: function (lines) {
      this.node.textContent = '';
      lines.forEach(function (line) { this.node.appendChild(el('p', {}, line)); }, this);
    }
  });

  var Chooser = L.Control.extend({
    options: { position: 'topleft' },
    initialize: function (backdrop) { L.Control.prototype.initialize.call(this, {}); this.backdrop = backdrop; },

    onAdd: function () {
      var words = this.backdrop.words, self = this;
      var button = this.button = el('button', { type: 'button', 'class': 'basemap-button', 'aria-expanded': 'false', 'aria-controls': 'basemap-choices' });
      var sheet = this.sheet = el('div', { 'class': 'basemap-sheet', id: 'basemap-choices', role: 'group', 'aria-label': words.basemap, hidden: '' });
      var node = el('div', { 'class': 'basemap-control' }, button, sheet);
      [this.bases(), this.clearness(LEFT, words.opacity), this.images(), this.swipe()].forEach(function (part) { if (part) { sheet.appendChild(part); } });
      button.addEventListener('click', function () { self.open(sheet.hidden); });
      node.addEventListener('keydown', function (event) {
        if (event.key === 'Escape' && !sheet.hidden) { self.open(false); button.focus(); event.stopPropagation(); }
      });
      L.DomEvent.disableClickPropagation(node);
      L.DomEvent.disableScrollPropagation(node);
      this.name();
      return node;
    },

    open: function (open) {
      this.sheet.hidden = !open;
      this.button.setAttribute('aria-expanded', String(open));
    },

    name: function () {
      var shown = this.backdrop.shown, words = this.backdrop.words;
      this.button.textContent = '';
      this.button.appendChild(el('span', {}, shown ? say(words.now, { name: shown.name }) : words.none));
    },

    bases: function () {
      var self = this, backdrop = this.backdrop, list = el('div', { role: 'radiogroup', 'aria-label': backdrop.words.basemap });
      backdrop.about.basemaps.concat([null]).forEach(function (basemap) {
        var radio = el('input', { type: 'radio', name: 'basemap' });
        radio.checked = basemap === backdrop.shown;
        radio.addEventListener('change', function () { backdrop.show(basemap); self.name(); });
        list.appendChild(el('label', {}, radio, el('span', {}, basemap ? basemap.name : backdrop.words.none)));
      });
      return backdrop.about.basemaps.length ? list : null;
    },

    /* A slider for a pane, or for a picture. */
    clearness: function (pane, label, layer) {
      var map = this.backdrop.map, range = el('input', { type: 'range', min: 0, max: 100, step: 5, value: 100, 'aria-label': label });
      range.addEventListener('input', function () {
        if (layer) { layer.setOpacity(range.value / 100); } else { [pane, RIGHT].forEach(function (name) { map.getPane(name).style.opacity = range.value / 100; }); }
      });
      return layer || this.backdrop.about.basemaps.length ? el('label', { 'class': 'clearness' }, el('span', {}, layer ? this.backdrop.words.opacity : label), range) : null;
    },

    images: function () {
      var self = this, backdrop = this.backdrop, node = el('div', { 'class': 'images' }, el('h3', {}, backdrop.words.images));
      backdrop.pictures.forEach(function (part) {
        var box = el('input', { type: 'checkbox' });
        box.checked = true;
        box.addEventListener('change', function () {
          if (box.checked) { part.layer.addTo(backdrop.map); } else { part.layer.remove(); }
          backdrop.credit();
        });
        node.appendChild(el('label', {}, box, el('span', {}, part.about.name)));
        node.appendChild(self.clearness(OVER, say(backdrop.words.opacity_of, { name: part.about.name }), part.layer));
      });
      return backdrop.pictures.length ? node : null;
    },

    swipe: function () {
      var backdrop = this.backdrop, words = backdrop.words, choices = [undefined, null].concat(backdrop.about.basemaps, backdrop.about.pictures);
      var select = el('select', {});
      choices.forEach(function (choice, i) {
        select.appendChild(el('option', { value: i }, choice === undefined ? words.no_compare : choice ? choice.name : words.none));
      });
      select.addEventListener('change', function () { backdrop.compare(choices[Number(select.value)]); });
      return el('label', { 'class': 'compare' }, el('span', {}, words.compare), select);
    }
  });
})();
