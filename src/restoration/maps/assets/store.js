/* The sites of a page: decoded once, kept in typed arrays, found by a grid. ES2017, no library but Leaflet. */
var restoration = window.restoration || {};
window.restoration = restoration;

(function () {
  'use strict';

  var WORLD = 256; // pixels of the whole world at zoom 0, as Leaflet's EPSG:3857 has it
  var stores = {};

  restoration.column = function (packed) {
    return function (row) { return packed.values[packed.rows[row]]; };
  };

  restoration.store = function (id) {
    if (!stores[id]) {
      var node = document.getElementById(id);
      stores[id] = new Store(JSON.parse(node.textContent));
      node.textContent = ''; // the text is not needed twice
    }
    return stores[id];
  };

  restoration.toWorld = function (lon, lat) {
    var sine = Math.sin(lat * Math.PI / 180);
    return [WORLD * (lon / 360 + 0.5), WORLD * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI))];
  };

  restoration.toLatLng = function (x, y) {
    var n = Math.PI - 2 * Math.PI * y / WORLD;
    return L.latLng(180 / Math.PI * Math.atan(Math.sinh(n)), x / WORLD * 360 - 180);
  };

  /* Rings as world pixels: xy, ringStart (by point), siteStart (by ring). */
  restoration.decode = function (encoded) {
    var unit = Math.pow(10, -encoded.digits);
    var deltas = encoded.deltas, points = deltas.length / 2;
    var xy = new Float64Array(deltas.length);
    var x = 0, y = 0;
    for (var i = 0; i < points; i++) {
      x += deltas[2 * i];
      y += deltas[2 * i + 1];
      var at = restoration.toWorld(x * unit, y * unit);
      xy[2 * i] = at[0];
      xy[2 * i + 1] = at[1];
    }
    return { xy: xy, ringStart: running(encoded.points), siteStart: running(encoded.rings) };
  };

  function running(counts) {
    var starts = new Uint32Array(counts.length + 1);
    for (var i = 0; i < counts.length; i++) { starts[i + 1] = starts[i] + counts[i]; }
    return starts;
  }

  function Store(payload) {
    var sites = payload.sites, self = this;
    this.page = payload;
    this.number = sites.number;
    ['layer', 'measure', 'group', 'status', 'site_id', 'source_id', 'name', 'town', 'village', 'mine_id', 'mu'].forEach(function (name) {
      self[name] = restoration.column(sites[name]);
    });
    this.shapes = restoration.decode(sites.shapes);
    payload.sites.shapes = null;
    this.boxes = boxesOf(this.shapes, this.number);
    this.bySize = rowsBySize(this.boxes, this.number);
    this.index = new Index(this.boxes, this.number);
    this.off = { layer: {}, measure: {}, group: {} };
    this.listeners = [];
  }

  Store.prototype = {
    visible: function (row) {
      return !this.off.layer[this.layer(row)] && !this.off.measure[this.measure(row)] && !this.off.group[this.group(row)];
    },

    turn: function (kind, code, off) {
      if (Boolean(this.off[kind][code]) === off) { return; }
      this.off[kind][code] = off;
      this.changed();
    },

    changed: function () { this.listeners.forEach(function (listener) { listener(); }); },

    title: function (row) { return this.name(row) || this.source_id(row) || this.page.words.unnamed; },

    /* Rings of a site as Leaflet positions. */
    rings: function (row) {
      var made = [], shapes = this.shapes;
      for (var ring = shapes.siteStart[row]; ring < shapes.siteStart[row + 1]; ring++) {
        var positions = [];
        for (var p = shapes.ringStart[ring]; p < shapes.ringStart[ring + 1]; p++) {
          positions.push(restoration.toLatLng(shapes.xy[2 * p], shapes.xy[2 * p + 1]));
        }
        made.push(positions);
      }
      return made;
    },

    /* The extent of some rows, or of all, as Leaflet bounds; null for none. */
    bounds: function (rows) {
      var box = [Infinity, Infinity, -Infinity, -Infinity], boxes = this.boxes;
      var many = rows ? rows.length : this.number;
      for (var i = 0; i < many; i++) {
        var at = 4 * (rows ? rows[i] : i);
        box = [Math.min(box[0], boxes[at]), Math.min(box[1], boxes[at + 1]), Math.max(box[2], boxes[at + 2]), Math.max(box[3], boxes[at + 3])];
      }
      return box[0] <= box[2] ? L.latLngBounds(restoration.toLatLng(box[0], box[3]), restoration.toLatLng(box[2], box[1])) : null;
    },

    /* Visible sites under a position, the smallest first; `slack` (world pixels) makes the tiny ones easy to hit. */
    at: function (latlng, slack) {
      var point = restoration.toWorld(latlng.lng, latlng.lat), self = this, boxes = this.boxes;
      var near = this.index.query(point[0] - slack, point[1] - slack, point[0] + slack, point[1] + slack);
      return near.filter(function (row) {
        var tiny = Math.max(boxes[4 * row + 2] - boxes[4 * row], boxes[4 * row + 3] - boxes[4 * row + 1]) < 2 * slack;
        return self.visible(row) && (tiny || self.contains(row, point[0], point[1]));
      }).sort(function (a, b) { return extent(boxes, a) - extent(boxes, b); });
    },

    contains: function (row, x, y) {
      var inside = false, shapes = this.shapes, xy = shapes.xy;
      for (var ring = shapes.siteStart[row]; ring < shapes.siteStart[row + 1]; ring++) {
        var first = shapes.ringStart[ring], last = shapes.ringStart[ring + 1];
        for (var i = first, j = last - 1; i < last; j = i++) {
          var yi = xy[2 * i + 1], yj = xy[2 * j + 1];
          if ((yi > y) !== (yj > y) && x < (xy[2 * j] - xy[2 * i]) * (y - yi) / (yj - yi) + xy[2 * i]) { inside = !inside; }
        }
      }
      return inside;
    },

    /* What matches a search: towns first, then sites whose name, number or mine begins with the words, then those that hold them. */
    search: function (words) {
      var wanted = words.trim().toLowerCase(), self = this, towns = {}, begins = [], holds = [];
      if (!wanted) { return []; }
      for (var row = 0; row < this.number; row++) {
        var town = this.town(row);
        if (town && town.toLowerCase().indexOf(wanted) >= 0) { (towns[town] = towns[town] || []).push(row); }
        var place = placeIn([this.name(row), this.source_id(row), this.mine_id(row), this.village(row), this.site_id(row)], wanted);
        if (place >= 0) { (place === 0 ? begins : holds).push(row); }
      }
      return Object.keys(towns).map(function (name) { return { town: name, rows: towns[name] }; })
        .concat(begins.concat(holds).map(function (found) { return { town: '', rows: [found], row: found, title: self.title(found) }; }));
    }
  };

  function placeIn(texts, wanted) {
    return texts.reduce(function (best, text) {
      var place = text ? text.toLowerCase().indexOf(wanted) : -1;
      return place < 0 ? best : best < 0 ? place : Math.min(best, place);
    }, -1);
  }

  function extent(boxes, row) {
    return (boxes[4 * row + 2] - boxes[4 * row]) * (boxes[4 * row + 3] - boxes[4 * row + 1]);
  }

  function boxesOf(shapes, number) {
    var boxes = new Float64Array(4 * number), xy = shapes.xy;
    for (var row = 0; row < number; row++) {
      var box = [Infinity, Infinity, -Infinity, -Infinity];
      var last = shapes.ringStart[shapes.siteStart[row + 1]];
      for (var p = shapes.ringStart[shapes.siteStart[row]]; p < last; p++) {
        var x = xy[2 * p], y = xy[2 * p + 1];
        if (x < box[0]) { box[0] = x; }
        if (y < box[1]) { box[1] = y; }
        if (x > box[2]) { box[2] = x; }
        if (y > box[3]) { box[3] = y; }
      }
      boxes.set(box, 4 * row);
    }
    return boxes;
  }

  function rowsBySize(boxes, number) {
    var rows = new Uint32Array(number);
    for (var row = 0; row < number; row++) { rows[row] = row; }
    return rows.sort(function (a, b) { return extent(boxes, b) - extent(boxes, a); });
  }

  /* A uniform grid over the boxes: for each cell, the rows that touch it. */
  function Index(boxes, number) {
    var all = [Infinity, Infinity, -Infinity, -Infinity];
    for (var row = 0; row < number; row++) {
      if (boxes[4 * row] > boxes[4 * row + 2]) { continue; }
      all = [Math.min(all[0], boxes[4 * row]), Math.min(all[1], boxes[4 * row + 1]), Math.max(all[2], boxes[4 * row + 2]), Math.max(all[3], boxes[4 * row + 3])];
    }
    this.boxes = boxes;
    this.side = Math.max(1, Math.min(256, Math.ceil(Math.sqrt(number))));
    this.west = all[0];
    this.north = all[1];
    this.wide = (all[2] - all[0]) / this.side || 1e-9;
    this.high = (all[3] - all[1]) / this.side || 1e-9;
    this.cells = new Map();
    for (row = 0; row < number; row++) { this.add(row); }
    this.stamp = new Uint32Array(number);
    this.round = 0;
  }

  Index.prototype = {
    span: function (x0, y0, x1, y1) {
      var side = this.side, west = this.west, north = this.north, wide = this.wide, high = this.high;
      function cell(value) { return Math.max(0, Math.min(side - 1, Math.floor(value))); }
      return [cell((x0 - west) / wide), cell((y0 - north) / high), cell((x1 - west) / wide), cell((y1 - north) / high)];
    },

    add: function (row) {
      var b = this.boxes;
      if (!(b[4 * row] <= b[4 * row + 2])) { return; } // no ground
      var span = this.span(b[4 * row], b[4 * row + 1], b[4 * row + 2], b[4 * row + 3]);
      for (var j = span[1]; j <= span[3]; j++) {
        for (var i = span[0]; i <= span[2]; i++) {
          var key = j * this.side + i, rows = this.cells.get(key);
          if (rows) { rows.push(row); } else { this.cells.set(key, [row]); }
        }
      }
    },

    query: function (x0, y0, x1, y1) {
      var span = this.span(x0, y0, x1, y1), found = [], b = this.boxes;
      this.round += 1;
      for (var j = span[1]; j <= span[3]; j++) {
        for (var i = span[0]; i <= span[2]; i++) {
          var rows = this.cells.get(j * this.side + i) || [];
          for (var k = 0; k < rows.length; k++) {
            var row = rows[k];
            if (this.stamp[row] === this.round) { continue; }
            this.stamp[row] = this.round;
            if (b[4 * row] <= x1 && b[4 * row + 2] >= x0 && b[4 * row + 1] <= y1 && b[4 * row + 3] >= y0) { found.push(row); }
          }
        }
      }
      return found;
    }
  };
})();
