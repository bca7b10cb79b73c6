/* Drawing: one grid of canvas tiles for all sites of a map, one path a display group and layer, in short slices. */
(function () {
  'use strict';

  var SLICE_MS = 10;      // longest piece of work between two looks at the user's input
  var SKIP_PX = 0.6;      // points nearer to the last one than this are not drawn
  var TINY_PX = 3;        // a site smaller than this is drawn as a dot of this size
  var MARGIN_PX = 6;      // strokes reach this far out of a site
  var PATTERN_PX = 8;     // divides the tile's size, so that textures run on across tiles

  /* How layers are told apart, by their place in the lifecycle: what is drawn into an 8 px square. */
  var TEXTURES = [
    null,
    function (pen) { [[2, 2], [6, 6]].forEach(function (at) { pen.beginPath(); pen.arc(at[0], at[1], 0.9, 0, 7); pen.fill(); }); },
    function (pen) { pen.lineWidth = 1.1; pen.beginPath(); pen.moveTo(-2, 6); pen.lineTo(6, -2); pen.moveTo(2, 10); pen.lineTo(10, 2); pen.stroke(); },
    function (pen) { pen.lineWidth = 1; pen.strokeRect(1.5, 1.5, 5, 5); }
  ];

  restoration.texture = function (context, number, colour, scale) {
    var draw = TEXTURES[number % TEXTURES.length];
    if (!draw) { return null; }
    var square = document.createElement('canvas');
    square.width = square.height = PATTERN_PX * scale;
    var pen = square.getContext('2d');
    pen.scale(scale, scale);
    pen.fillStyle = pen.strokeStyle = colour;
    draw(pen);
    var pattern = context.createPattern(square, 'repeat');
    pattern.setTransform(new DOMMatrix().scale(1 / scale));
    return pattern;
  };

  restoration.dash = function (text) { return text ? text.split(' ').map(Number) : []; };

  var Surface = L.GridLayer.extend({
    options: { tileSize: 512, updateWhenZooming: false, keepBuffer: 1, maxZoom: 24, className: 'sites-surface' },

    initialize: function (store) {
      L.GridLayer.prototype.initialize.call(this, {});
      this.store = store;
      this.jobs = [];
      this.shown = 0;
      this.scale = Math.min(2, window.devicePixelRatio || 1);
      var self = this;
      store.listeners.push(function () { self.repaint(); });
      this.on('tileunload', function (event) { event.tile.job.dropped = true; });
    },

    /* Leaflet rounds a grid's zoom and stretches its tiles between; ours are drawn for the very zoom. */
    _setView: function (center, zoom, noPrune, noUpdate) {
      if (!noUpdate) {
        this._tileZoom = zoom;
        this._updateLevels();
        this._resetGrid();
        this._update(center);
        if (!noPrune) { this._pruneTiles(); }
        this._noPrune = Boolean(noPrune);
      }
      this._setZoomTransforms(center, zoom);
    },

    /* The old picture stays until the new one is whole: no blank moment while zooming. */
    _pruneTiles: function () {
      if (!this._map || !this._noTilesToLoad()) { return; }
      L.GridLayer.prototype._pruneTiles.call(this);
    },

    createTile: function (coords, done) {
      var canvas = document.createElement('canvas');
      canvas.width = canvas.height = this.options.tileSize * this.scale;
      canvas.job = this.jobFor(canvas, coords, done);
      this.enqueue(canvas.job);
      return canvas;
    },

    repaint: function () {
      for (var key in this._tiles) {
        var canvas = this._tiles[key].el, old = canvas.job;
        old.dropped = true;
        canvas.job = this.jobFor(canvas, old.coords, old.done);
        this.enqueue(canvas.job);
      }
    },

    jobFor: function (canvas, coords, done) {
      var zoom = Math.pow(2, coords.z), size = this.options.tileSize, reach = MARGIN_PX / zoom;
      var west = coords.x * size / zoom, north = coords.y * size / zoom;
      var rows = this.store.index.query(west - reach, north - reach, west + size / zoom + reach, north + size / zoom + reach);
      return { canvas: canvas, coords: coords, done: done, zoom: zoom, west: west, north: north, rows: rows, next: 0, paths: {} };
    },

    enqueue: function (job) {
      this.jobs.push(job);
      if (this.jobs.length === 1) { this.later(); }
    },

    later: function () { setTimeout(this.work.bind(this), 0); },

    work: function () {
      var until = performance.now() + SLICE_MS;
      while (this.jobs.length && performance.now() < until) {
        var job = this.jobs[0];
        if (job.dropped || this.advance(job, until)) { this.jobs.shift(); }
      }
      if (this.jobs.length) { this.later(); }
    },

    /* Adds sites to the job's paths until the time is up; paints when all are there. */
    advance: function (job, until) {
      var store = this.store;
      while (job.next < job.rows.length) {
        var row = job.rows[job.next++];
        if (store.visible(row)) { this.trace(job, row, pathOf(job, store.group(row), store.layer(row))); }
        if ((job.next & 31) === 0 && performance.now() > until) { return false; }
      }
      this.paint(job);
      var done = job.done;
      job.done = null; // a repaint has nobody to tell
      if (done) { done(null, job.canvas); }
      return true;
    },

    trace: function (job, row, path) {
      var box = this.store.boxes, x0 = (box[4 * row] - job.west) * job.zoom, y0 = (box[4 * row + 1] - job.north) * job.zoom;
      var wide = (box[4 * row + 2] - box[4 * row]) * job.zoom, high = (box[4 * row + 3] - box[4 * row + 1]) * job.zoom;
      if (wide < TINY_PX && high < TINY_PX) {
        path.dots.rect(x0 + (wide - TINY_PX) / 2, y0 + (high - TINY_PX) / 2, TINY_PX, TINY_PX);
        return;
      }
      var shapes = this.store.shapes;
      for (var ring = shapes.siteStart[row]; ring < shapes.siteStart[row + 1]; ring++) {
        traceRing(path.lines, shapes.xy, shapes.ringStart[ring], shapes.ringStart[ring + 1], job);
      }
    },

    paint: function (job) {
      var context = job.canvas.getContext('2d'), scale = this.scale, legend = this.store.page.legend;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, job.canvas.width, job.canvas.height);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.lineJoin = 'round';
      var drawn = [];
      legend.groups.forEach(function (group) {
        legend.layers.forEach(function (layer) {
          var path = job.paths[group.code + ' ' + layer.code];
          if (path) { drawn.push({ path: path, look: group, texture: layer.texture }); }
        });
      });
      drawn.forEach(function (part) { fill(context, part, scale); });
      drawn.forEach(function (part) { stroke(context, part); });
    }
  });

  function pathOf(job, group, layer) {
    var key = group + ' ' + layer;
    return job.paths[key] || (job.paths[key] = { lines: new Path2D(), dots: new Path2D() });
  }

  function traceRing(path, xy, first, last, job) {
    var px = (xy[2 * first] - job.west) * job.zoom, py = (xy[2 * first + 1] - job.north) * job.zoom;
    path.moveTo(px, py);
    for (var p = first + 1; p < last; p++) {
      var x = (xy[2 * p] - job.west) * job.zoom, y = (xy[2 * p + 1] - job.north) * job.zoom;
      if (Math.abs(x - px) + Math.abs(y - py) < SKIP_PX) { continue; }
      path.lineTo(x, y);
      px = x;
      py = y;
    }
    path.closePath();
  }

  /* By the non-zero rule: holes (which run the other way) stay open, and overlapping sites stay full. */
  function fill(context, part, scale) {
    context.fillStyle = part.look.colour;
    context.globalAlpha = part.look.fill;
    context.fill(part.path.lines, 'nonzero');
    context.globalAlpha = 0.95;
    context.fill(part.path.dots, 'nonzero');
    var texture = restoration.texture(context, part.texture, part.look.colour, scale);
    if (texture) {
      context.globalAlpha = 0.55;
      context.fillStyle = texture;
      context.fill(part.path.lines, 'nonzero');
    }
    context.globalAlpha = 1;
  }

  function stroke(context, part) {
    context.setLineDash([]);
    context.lineWidth = part.look.weight + 2;
    context.strokeStyle = 'rgba(255, 255, 255, .55)';
    context.stroke(part.path.lines);
    context.setLineDash(restoration.dash(part.look.dash));
    context.lineWidth = part.look.weight;
    context.strokeStyle = part.look.colour;
    context.stroke(part.path.lines);
  }

  /* One layer of the lifecycle: what folium, a LayerControl or the panel turns on and off. */
  var SitesLayer = L.Layer.extend({
    initialize: function (store, code) { this.store = store; this.code = code; store.off.layer[code] = true; },

    onAdd: function (map) {
      var surface = map.restorationSurface;
      if (!surface) {
        map.createPane('sites').style.zIndex = 350;
        surface = map.restorationSurface = new Surface(this.store);
        surface.options.pane = 'sites';
      }
      if (surface.shown++ === 0) { surface.addTo(map); }
      this.store.turn('layer', this.code, false);
    },

    onRemove: function (map) {
      this.store.turn('layer', this.code, true);
      if (--map.restorationSurface.shown === 0) { map.restorationSurface.remove(); }
    }
  });

  restoration.layer = function (id, code) { return new SitesLayer(restoration.store(id), code); };
})();
