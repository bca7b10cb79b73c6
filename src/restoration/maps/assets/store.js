/* The sites of a page: what is known of each, which are shown, which lie where. The one place that knows the page's data. */
(function () {
  'use strict';

  var stores = {}, DAY_MS = 86400000;
  var SOUGHT = ['name', 'source_id', 'mine_id', 'village', 'site_id'];

  restoration.store = function (id) {
    if (!stores[id]) { stores[id] = new Store(id, JSON.parse(taken(id))); }
    return stores[id];
  };

  /* The text of an element, which is not needed twice. */
  function taken(id) {
    var node = document.getElementById(id), text = node.textContent;
    node.textContent = '';
    return text;
  }

  /* `drawn`, `told` and `whole` are promises: of the shapes, of the columns, of all. Until then there are no sites anywhere, and texts are empty. */
  function Store(id, head) {
    var self = this, packs = head.packs, reader = new restoration.Crew();
    this.page = head;
    this.number = head.number;
    this.classes = classesOf(head.legend).concat((head.kinds || { looks: [] }).looks.map(classOf));
    this.crew = new restoration.Crew();
    this.columns = {};
    this.texts = {};
    this.entries = null;
    this.shapes = null;
    this.shapeOf = null;
    this.off = { layer: {}, measure: {}, group: {} };
    this.hidden = new Uint8Array(this.number);
    this.shown = this.number;
    this.listeners = [];
    this.drawn = this.crew.shapes(packs.shapes, taken(id + '-shapes'), this.classes).then(function (made) { self.take(made); });
    this.cells = null; // what the sites share, if the page knows it
    var shared = packs.shared ? reader.unpack(packs.shared, taken(id + '-shared')) : Promise.resolve(null);
    this.told = Promise.all([reader.unpack(packs.columns, taken(id + '-columns')), shared, this.drawn]).then(function (made) {
      Object.assign(self.columns, made[0]);
      self.cells = made[1] && restoration.cellsOf(made[1]);
    });
    this.outline = polygons('outline').then(function (found) { return found.length ? Array.prototype.concat.apply([], found) : null; });
    this.past = packs.past ? reader.unpack(packs.past, taken(id + '-past')).then(restoration.pastOf) : Promise.resolve(null);
    this.day = null; // a day of the past, if the page shows one, by this clock
    this.clock = 'field';
    this.comparison = null; // with another day
    this.absent = null;
    this.changes = polygons('changes');
    this.refused = polygons('refused');
    this.marked = packs.marks ? reader.unpack(packs.marks, taken(id + '-marks')) : Promise.resolve(null);
    this.pictures = packs.photos ? reader.unpack(packs.photos, taken(id + '-photos')) : Promise.resolve(null);
    this.events = reader.unpack(packs.events, taken(id + '-events')).then(function (columns) { self.entries = columns; });
    this.whole = Promise.all([this.drawn, this.told, this.outline, this.changes, this.refused, this.past, this.marked, this.pictures, this.events]).then(function () { reader.dismiss(); self.isWhole = true; });

    /* A promise of polygons that are no sites: of each its rings as Leaflet positions. */
    function polygons(name) {
      if (!packs[name]) { return Promise.resolve([]); }
      return reader.shapes(packs[name], taken(id + '-' + name), null).then(function (made) {
        var found = [];
        for (var shape = 0; shape < made.shapes.number; shape++) { found.push(ringsOf(made.shapes, shape, shape + 1)); }
        return found;
      });
    }
  }

  /* What a site can be drawn as: a group in a layer, in the order of drawing. */
  function classesOf(legend) {
    var classes = [];
    legend.groups.forEach(function (group) {
      legend.layers.forEach(function (layer) {
        classes.push({ group: group.code, layer: layer.code, colour: group.colour, dash: group.dash, weight: group.weight, fill: group.fill, texture: layer.texture });
      });
    });
    return classes;
  }

  /* A kind of change, drawn where two days are compared. */
  function classOf(kind) {
    var plain = kind.code === 'unchanged';
    return { kind: kind.code, colour: kind.colour, dash: kind.dash, weight: plain ? 0.8 : 2.4, fill: plain ? 0.16 : kind.code === 'before' ? 0 : 0.3, texture: kind.hatch };
  }

  restoration.Store = Store;

  Store.prototype = {
    take: function (made) {
      Object.assign(this.columns, made.columns);
      this.shapes = made.shapes;
      this.finder = new restoration.Finder(made.grid, made.shapes.boxes);
      this.shapeOf = new Int32Array(this.number).fill(-1);
      for (var shape = 0; shape < made.shapes.number; shape++) { this.shapeOf[made.shapes.owner[shape]] = shape; }
      this.changed();
    },

    /* The different texts of a column. */
    values: function (name) {
      var bytes = this.columns[name + '='];
      return this.texts[name] || (bytes ? this.texts[name] = restoration.textOf(bytes) : []);
    },

    text: function (name, row) { return this.columns[name] ? this.values(name)[this.columns[name][row]] : ''; },

    flag: function (name, row) { return Boolean(this.columns[name] && this.columns[name][row]); },

    /* An area as it is shown, in 'mu' or 'ha'; '' for unknown. Both were rounded from the area itself (maps/columns.py). */
    area: function (name, unit, row) {
      var told = this.columns[name] ? this.columns[name][row] : 0, metres = told - 1;
      if (!told) { return ''; }
      return unit === 'ha' ? decimal(metres, 4) : decimal(Math.floor((3 * metres + 10) / 20) + this.columns[name + '±'][row], 2);
    },

    mu: function (row) { return this.area('area_m2', 'mu', row); },

    title: function (row) { return this.text('name', row) || this.text('source_id', row) || this.page.words.unnamed; },

    /* The last events of a site, none later than the day that is shown, the newest first: { day, kind, status, document, note, by }. */
    history: function (row) {
      var columns = this.entries, self = this, made = [];
      if (!columns) { return made; }
      this.entryStart = this.entryStart || startsOf(columns.of_site);
      var days = columns[this.clock === 'office' ? 'office' : 'day'], day = this.day;
      for (var i = this.entryStart[row]; i < this.entryStart[row + 1]; i++) { if (day === null || days[i] <= day) { made.push(entry(i)); } }
      return made;
      function entry(i) {
        var told = { day: restoration.dayOf(columns.day[i]) };
        ['kind', 'status', 'document', 'note', 'by'].forEach(function (name) { told[name] = columns[name] ? self.entryTexts(name)[columns[name][i]] : ''; });
        return told;
      }
    },

    entryTexts: function (name) {
      this.read = this.read || {};
      return this.read[name] || (this.read[name] = restoration.textOf(this.entries[name + '=']));
    },

    visible: function (row) { return !this.hidden[row]; },

    /* Which rows are hidden, and how many are shown: the one place that decides it. */
    sieve: function () {
      var hidden = this.hidden.fill(0), self = this;
      if (this.absent) { hidden.set(this.absent); }
      Object.keys(this.off).forEach(function (name) {
        var codes = self.columns[name], off = self.values(name).map(function (code) { return self.off[name][code] ? 1 : 0; });
        for (var row = 0; codes && row < self.number; row++) { hidden[row] |= off[codes[row]]; }
      });
      this.shown = hidden.reduce(function (shown, is) { return shown - is; }, this.number);
    },

    /* By shape, the number of its class, or restoration.HIDDEN: the site's shape of now, if the site is shown. */
    looks: function () {
      var looks = new Uint8Array(this.shapes.number).fill(restoration.HIDDEN), layers = this.columns.layer, groups = this.columns.group, of = {};
      this.classes.forEach(function (look, number) { of[look.group + ' ' + look.layer] = number; });
      var layerNames = this.values('layer'), table = this.values('group').map(function (group) { return layerNames.map(function (layer) { return of[group + ' ' + layer]; }); });
      for (var row = 0; row < this.number; row++) {
        if (this.shapeOf[row] >= 0 && !this.hidden[row]) { looks[this.shapeOf[row]] = table[groups[row]][layers[row]]; }
      }
      if (this.comparison) { this.comparison.look(looks); }
      return looks;
    },

    turn: function (kind, code, off) {
      if (Boolean(this.off[kind][code]) === off) { return; }
      this.off[kind][code] = off;
      this.changed();
    },

    /* After any change of what is shown, or by which shape. */
    changed: function () {
      this.sieve();
      if (this.shapes) { this.crew.look(this.looks()); }
      this.listeners.forEach(function (listener) { listener(); });
    },

    /* Rings of a site as Leaflet positions. */
    rings: function (row) {
      var shape = this.shapeOf ? this.shapeOf[row] : -1;
      return shape < 0 ? [] : ringsOf(this.shapes, shape, shape + 1);
    },

    /* The row of a site by its number; -1 for none. */
    rowOf: function (site) {
      var code = this.values('site_id').indexOf(site), codes = this.columns.site_id;
      return code < 0 ? -1 : codes.indexOf(code);
    },

    /* Shown sites whose extent meets Leaflet bounds, in the order of the rows. */
    within: function (bounds) {
      if (!this.shapes) { return []; }
      var one = restoration.toUnits(bounds.getWest(), bounds.getNorth()), other = restoration.toUnits(bounds.getEast(), bounds.getSouth()), self = this;
      return Array.from(this.finder.touching(one[0], one[1], other[0], other[1])).map(function (shape) { return { shape: shape, row: self.shapes.owner[shape] }; })
        .filter(function (found) { return self.shapeOf[found.row] === found.shape && self.visible(found.row); })
        .map(function (found) { return found.row; }).sort(function (a, b) { return a - b; });
    },

    /* The extent of some rows as Leaflet bounds, by their shapes of now if not by others; null for none. */
    bounds: function (rows, shapeOf) {
      var west = Infinity, north = Infinity, east = -Infinity, south = -Infinity, boxes = this.shapes ? this.shapes.boxes : [], of = shapeOf || this.shapeOf;
      rows.forEach(function (row) {
        var b = of ? 4 * of[row] : -1;
        if (b < 0 || boxes[b] > boxes[b + 2]) { return; }
        west = Math.min(west, boxes[b]);
        north = Math.min(north, boxes[b + 1]);
        east = Math.max(east, boxes[b + 2]);
        south = Math.max(south, boxes[b + 3]);
      });
      return west <= east ? L.latLngBounds(latLng(west, south), latLng(east, north)) : null;
    },

    /* Visible sites under a position, the smallest first; `slack` (pixels at zoom 0) makes the tiny ones easy to hit. */
    at: function (latlng, slack) {
      if (!this.shapes) { return []; }
      var point = restoration.toUnits(latlng.lng, latlng.lat), reach = slack * restoration.UNITS, self = this, shapes = this.shapes, boxes = shapes.boxes;
      var near = this.finder.touching(point[0] - reach, point[1] - reach, point[0] + reach, point[1] + reach);
      return Array.from(near).filter(function (shape) {
        var row = shapes.owner[shape], b = 4 * shape, tiny = Math.max(boxes[b + 2] - boxes[b], boxes[b + 3] - boxes[b + 1]) < 2 * reach;
        return self.shapeOf[row] === shape && self.visible(row) && (tiny || contains(shapes, shape, point[0], point[1]));
      }).sort(function (a, b) { return extent(boxes, a) - extent(boxes, b); }).map(function (shape) { return shapes.owner[shape]; });
    },

    /* What matches a search: towns first, then sites whose name, number or mine begins with the words, then those that hold them. */
    search: function (words) {
      var wanted = words.trim().toLowerCase(), self = this, towns = {}, begins = [], holds = [];
      if (!wanted || !this.columns.town) { return []; }
      var ofTown = this.places('town', wanted), sought = SOUGHT.map(function (name) { return { codes: self.columns[name], places: self.places(name, wanted) }; });
      for (var row = 0; row < this.number; row++) {
        var best = Infinity;
        if (ofTown[this.columns.town[row]] >= 0) { (towns[this.text('town', row)] = towns[this.text('town', row)] || []).push(row); }
        for (var k = 0; k < sought.length; k++) {
          var place = sought[k].places[sought[k].codes[row]];
          if (place >= 0 && place < best) { best = place; }
        }
        if (best < Infinity) { (best === 0 ? begins : holds).push(row); }
      }
      return Object.keys(towns).map(function (name) { return { town: name, rows: towns[name] }; })
        .concat(begins.concat(holds).map(function (found) { return { town: '', rows: [found], row: found, title: self.title(found) }; }));
    },

    /* Where the words stand in each different text of a column, as they are or by the first letters of their pinyin; −1 for nowhere. */
    places: function (name, wanted) {
      var initials = /[a-z]/.test(wanted) ? this.page.initials : null;
      this.lowered = this.lowered || {};
      this.lowered[name] = this.lowered[name] || this.values(name).map(function (text) { return text.toLowerCase(); });
      return this.lowered[name].map(function (text) {
        var place = text.indexOf(wanted);
        return place >= 0 || !initials ? place : restoration.placeByInitials(text, wanted, initials);
      });
    }
  };

  /* Days since 1970-01-01 as they are written. */
  restoration.dayOf = function (day) { return new Date(day * DAY_MS).toISOString().slice(0, 10); };

  var decimal = restoration.decimal = function (steps, digits) {
    var text = String(steps).padStart(digits + 1, '0'), whole = text.slice(0, -digits);
    return whole.replace(/\B(?=(\d{3})+$)/g, ',') + '.' + text.slice(-digits);
  };

  function startsOf(counts) {
    var starts = new Uint32Array(counts.length + 1);
    for (var i = 0; i < counts.length; i++) { starts[i + 1] = starts[i] + counts[i]; }
    return starts;
  }

  function latLng(x, y) {
    var degrees = restoration.toDegrees(x, y);
    return L.latLng(degrees[1], degrees[0]);
  }

  /* Rings of some shapes, one after the other, as Leaflet positions. */
  function ringsOf(shapes, from, to) {
    var made = [];
    for (var ring = shapes.shapeStart[from]; ring < shapes.shapeStart[to]; ring++) {
      var positions = [];
      for (var p = shapes.ringStart[ring]; p < shapes.ringStart[ring + 1]; p++) { positions.push(latLng(shapes.xy[2 * p], shapes.xy[2 * p + 1])); }
      made.push(positions);
    }
    return made;
  }

  function contains(shapes, shape, x, y) {
    var inside = false, xy = shapes.xy;
    for (var ring = shapes.shapeStart[shape]; ring < shapes.shapeStart[shape + 1]; ring++) {
      var first = shapes.ringStart[ring], last = shapes.ringStart[ring + 1];
      for (var i = first, j = last - 1; i < last; j = i++) {
        var yi = xy[2 * i + 1], yj = xy[2 * j + 1];
        if ((yi > y) !== (yj > y) && x < (xy[2 * j] - xy[2 * i]) * (y - yi) / (yj - yi) + xy[2 * i]) { inside = !inside; }
      }
    }
    return inside;
  }

  function extent(boxes, shape) { return (boxes[4 * shape + 2] - boxes[4 * shape]) * (boxes[4 * shape + 3] - boxes[4 * shape + 1]); }
})();
