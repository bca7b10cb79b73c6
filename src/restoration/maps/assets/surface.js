/* The sites on the map: one grid of canvas tiles for all of them, which the store's crew paints. */
(function () {
  'use strict';

  var Surface = L.GridLayer.extend({
    options: { tileSize: 512, updateWhenZooming: false, keepBuffer: 1, maxZoom: 24, className: 'sites-surface' },

    initialize: function (store) {
      L.GridLayer.prototype.initialize.call(this, {});
      this.store = store;
      this.waiting = 0; // tiles that are being painted
      this.shown = 0;
      this.scale = Math.min(2, Math.ceil(window.devicePixelRatio || 1));
      var self = this;
      store.listeners.push(function () { self.repaint(); });
      this.on('tileunload', function (event) { event.tile.drop(); });
    },

    /* Leaflet rounds a grid's zoom and stretches its tiles between; ours are drawn for the very zoom. */
    _setView: function (center, zoom, noPrune, noUpdate) {
      if (!noUpdate) {
        this._tileZoom = zoom;
        this.forgetUnpainted();
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

    /* Tiles of another zoom that nobody has seen yet are not waited for. */
    forgetUnpainted: function () {
      for (var key in this._tiles) {
        if (this._tiles[key].coords.z !== this._tileZoom && !this._tiles[key].loaded) { this._removeTile(key); }
      }
    },

    createTile: function (coords, done) {
      var canvas = document.createElement('canvas');
      canvas.place = coords;
      canvas.drop = function () {};
      this.paint(canvas, done);
      return canvas;
    },

    repaint: function () {
      for (var key in this._tiles) { this.paint(this._tiles[key].el, null); }
    },

    /* Asks for a tile; `done` is Leaflet's, which a repaint has not, so that a tile asked for again while it was first painted keeps its own. */
    paint: function (canvas, done) {
      var self = this, store = this.store, at = canvas.place, dropped = false, job = null;
      var told = canvas.told = done || canvas.told;
      canvas.drop();
      canvas.drop = function () {
        if (dropped) { return; }
        dropped = true;
        self.waiting -= 1;
        if (job) { job.drop(); }
      };
      this.waiting += 1;
      store.drawn.then(function () {
        if (dropped) { return null; }
        job = store.crew.paint({ x: at.x, y: at.y, zoom: at.z, size: self.options.tileSize, scale: self.scale }, canvas);
        return job.done;
      }).then(function () {
        if (dropped) { return; }
        dropped = true;
        self.waiting -= 1;
        canvas.told = null;
        if (told) { told(null, canvas); }
      });
    }
  });

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
