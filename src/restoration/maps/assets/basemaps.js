/* Basemaps as Leaflet layers: tiles of a service, tiles and pictures that the page carries. */
(function () {
  'use strict';

  var STEPS = 4;          // of the search for what lies under a shifted corner: each makes the error some thousand times smaller
  var BLANK = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

  restoration.tileUrl = function (template, subdomains, coords) {
    var values = { s: subdomains.length ? subdomains[Math.abs(coords.x + coords.y) % subdomains.length] : '', x: coords.x, y: coords.y, z: coords.z };
    return template.replace(/\{([sxyz])\}/g, function (_, name) { return values[name]; });
  };

  var Service = L.TileLayer.extend({
    initialize: function (url, about, options) {
      L.TileLayer.prototype.initialize.call(this, url, Object.assign({ maxNativeZoom: about.max, maxZoom: 24 }, options));
      this.about = about;
    },
    getTileUrl: function (coords) {
      return restoration.tileUrl(this._url, this.about.subdomains, { x: coords.x, y: coords.y, z: this._getZoomForUrl() });
    }
  });

  /* Tiles of GCJ-02, put where their content belongs. A tile's corners are moved, and its sides end where its neighbours' begin, so
     that no tile is off by more than the rounding to a pixel, and none leaves a gap. The data stay where they are. */
  var SHIFTED = {
    shift: function (point) {
      var place = this._map.unproject(point, this._tileZoom), shifted = restoration.gcj02(place.lng, place.lat);
      return this._map.project([shifted[1], shifted[0]], this._tileZoom).subtract(point);
    },

    corner: function (x, y) {
      var size = this.getTileSize(), drawn = L.point(x * size.x, y * size.y), belongs = drawn;
      for (var step = 0; step < STEPS; step++) { belongs = drawn.subtract(this.shift(belongs)); }
      return belongs.subtract(this._level.origin).round();
    },

    _getTilePos: function (coords) { return this.corner(coords.x, coords.y); },

    _getTiledPixelBounds: function (center) {
      var bounds = L.TileLayer.prototype._getTiledPixelBounds.call(this, center), shift = this.shift(this._map.project(center, this._tileZoom));
      return L.bounds(bounds.min.add(shift).floor().subtract([2, 2]), bounds.max.add(shift).ceil().add([2, 2]));
    },

    _addTile: function (coords, container) {
      L.TileLayer.prototype._addTile.call(this, coords, container);
      var tile = this._tiles[this._tileCoordsToKey(coords)].el, at = this.corner(coords.x, coords.y);
      tile.style.width = this.corner(coords.x + 1, coords.y).x - at.x + 'px';
      tile.style.height = this.corner(coords.x, coords.y + 1).y - at.y + 'px';
    }
  };

  var Carried = L.TileLayer.extend({
    initialize: function (about, options) {
      L.TileLayer.prototype.initialize.call(this, '', Object.assign({ minNativeZoom: about.min, maxNativeZoom: about.max, maxZoom: 24 }, options));
      this.about = about;
    },
    getTileUrl: function (coords) {
      var image = this.about.places[this._getZoomForUrl() + '/' + coords.x + '/' + coords.y];
      return image === undefined ? BLANK : this.about.images[image];
    }
  });

  var ShiftedService = Service.extend(SHIFTED), ShiftedCarried = Carried.extend(SHIFTED);

  /* One basemap as a layer for a pane; `heard(ok)` is told of each tile that a service gave or did not give. */
  restoration.basemapLayer = function (about, pane, heard) {
    if (about.kind === 'tiles') { return new (about.datum === 'gcj02' ? ShiftedCarried : Carried)(about, { pane: pane }); }
    if (about.kind === 'picture') { return L.imageOverlay(about.image, about.bounds, { pane: pane, alt: '' }); }
    var layers = about.urls.map(function (url) {
      var layer = new (about.datum === 'gcj02' ? ShiftedService : Service)(url, about, { pane: pane });
      layer.on('tileload', function () { heard(true); }).on('tileerror', function () { heard(false); });
      return layer;
    });
    return L.layerGroup(layers);
  };
})();
