/* What stands around the sites: the outline, the graticule, towns, scale and the pointer's position. */
(function () {
  'use strict';

  var STEPS = [10, 5, 2, 1, 1 / 2, 1 / 3, 1 / 6, 1 / 12, 1 / 30, 1 / 60, 1 / 120, 1 / 180, 1 / 360, 1 / 720, 1 / 1800, 1 / 3600]; // degrees
  var SPACING_PX = 130; // lines of the graticule are no nearer than this
  var FOOT_PX = 290, FOOT_LEFT_PX = 104; // the notice stands at the end of the lower edge; buttons at both ends of the left one
  var TOWN_ZOOM = 2;    // towns are named up to so many zooms nearer than the whole map

  var el = restoration.el = function (tag, attributes) {
    var node = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    for (var i = 2; i < arguments.length; i++) {
      var child = arguments[i];
      if (child !== null && child !== undefined) { node.appendChild(typeof child === 'object' ? child : document.createTextNode(String(child))); }
    }
    return node;
  };

  /* A sentence of the page's with its places filled in; still plain text. */
  restoration.say = function (text, values) {
    return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  };

  restoration.dms = function (degrees, letters) {
    var seconds = Math.round(Math.abs(degrees) * 3600);
    var text = Math.floor(seconds / 3600) + '°';
    if (seconds % 3600) { text += pad(Math.floor(seconds / 60) % 60) + '′'; }
    if (seconds % 60) { text += pad(seconds % 60) + '″'; }
    return text + letters[degrees < 0 ? 1 : 0];
  };

  function pad(number) { return (number < 10 ? '0' : '') + number; }

  var Graticule = L.Layer.extend({
    onAdd: function (map) {
      map.createPane('graticule').style.zIndex = 150;
      this.canvas = el('canvas', { 'class': 'graticule', 'aria-hidden': 'true' });
      map.getPane('graticule').appendChild(this.canvas);
      this.labels = el('div', { 'class': 'graticule-labels', 'aria-hidden': 'true' });
      map.getContainer().appendChild(this.labels);
      map.on('move moveend resize', this.draw, this).on('zoomstart', this.hide, this);
      var self = this;
      new ResizeObserver(function () { self.draw(); }).observe(map._controlCorners.topleft); // labels keep clear of the buttons
      if (map._loaded) { this.draw(); }
    },

    hide: function () { this.canvas.style.visibility = 'hidden'; this.labels.textContent = ''; },

    draw: function () {
      var map = this._map, size = map.getSize(), scale = Math.min(2, window.devicePixelRatio || 1), canvas = this.canvas;
      if (map._animatingZoom || !map._loaded) { return; }
      canvas.style.visibility = '';
      canvas.width = size.x * scale;
      canvas.height = size.y * scale;
      canvas.style.width = size.x + 'px';
      canvas.style.height = size.y + 'px';
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      var pen = canvas.getContext('2d');
      pen.scale(scale, scale);
      pen.strokeStyle = '#d8d4c8';
      pen.lineWidth = 1;
      this.labels.textContent = '';
      this.lines(pen, map.getBounds(), size);
    },

    lines: function (pen, bounds, size) {
      var map = this._map, labels = this.labels, middle = bounds.getCenter(), head = map._controlCorners.topleft.offsetTop + map._controlCorners.topleft.offsetHeight + 14;
      var step = stepFor((bounds.getEast() - bounds.getWest()) / size.x);
      each(bounds.getWest(), bounds.getEast(), step, function (lon) {
        var x = Math.round(map.latLngToContainerPoint([middle.lat, lon]).x) + 0.5;
        line(pen, x, 0, x, size.y);
        if (x > 60 && x < size.x - FOOT_PX) { labels.appendChild(label(restoration.dms(lon, 'EW'), x, null)); }
      });
      each(bounds.getSouth(), bounds.getNorth(), step, function (lat) {
        var y = Math.round(map.latLngToContainerPoint([lat, middle.lng]).y) + 0.5;
        line(pen, 0, y, size.x, y);
        if (y > head && y < size.y - FOOT_LEFT_PX) { labels.appendChild(label(restoration.dms(lat, 'NS'), null, y)); }
      });
    }
  });

  function stepFor(degreesPerPixel) {
    var least = SPACING_PX * degreesPerPixel, fitting = STEPS.filter(function (step) { return step >= least; });
    return fitting.length ? fitting[fitting.length - 1] : STEPS[0];
  }

  function each(from, to, step, visit) {
    for (var k = Math.ceil(from / step); k * step <= to; k++) { visit(k * step); }
  }

  function line(pen, x0, y0, x1, y1) {
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  }

  function label(text, x, y) {
    var node = el('span', { 'class': x === null ? 'lat' : 'lon' }, text);
    if (x === null) { node.style.top = y + 'px'; } else { node.style.left = x + 'px'; }
    return node;
  }

  /* Names of towns: the largest first, and none on top of another. */
  function Towns(map, store) {
    var group = L.layerGroup().addTo(map), markers = store.page.towns.map(function (town) {
      var icon = L.divIcon({ className: 'town', html: el('span', {}, town[0]), iconSize: null });
      return { name: town[0], place: L.latLng(town[2], town[1]), marker: L.marker([town[2], town[1]], { icon: icon, interactive: false, keyboard: false, pane: 'towns' }) };
    });
    function place() {
      var taken = [], near = map.getZoom() > map.restorationHome + TOWN_ZOOM;
      group.clearLayers();
      markers.forEach(function (town) {
        var at = map.latLngToLayerPoint(town.place), half = 7 * town.name.length + 6;
        var free = taken.every(function (other) { return Math.abs(other.x - at.x) > half + other.half || Math.abs(other.y - at.y) > 22; });
        if (!near && free) {
          taken.push({ x: at.x, y: at.y, half: half });
          group.addLayer(town.marker);
        }
      });
    }
    map.on('zoomend', place);
    place();
  }

  var Coordinates = L.Control.extend({
    options: { position: 'bottomright' },
    onAdd: function (map) {
      var node = el('div', { 'class': 'coordinates', 'aria-hidden': 'true' });
      map.on('mousemove', function (event) {
        var at = event.latlng, plane = restoration.toPlane(at.lng, at.lat);
        node.textContent = at.lng.toFixed(5) + '°E  ' + at.lat.toFixed(5) + '°N  X ' + plane.north.toFixed(1) + '  Y ' + plane.east.toFixed(1) + '  CGCS2000';
      });
      map.on('mouseout', function () { node.textContent = ''; });
      return node;
    }
  });

  function outline(map, rings) {
    if (!rings) { return; }
    var look = { interactive: false, pane: 'outline', renderer: L.svg({ pane: 'outline', padding: 1 }) };
    L.polygon(rings, Object.assign({ color: '#b9b29d', weight: 7, opacity: 0.35, fillColor: '#fdfcf9', fillOpacity: 1 }, look)).addTo(map);
    L.polygon(rings, Object.assign({ color: '#6f6a5b', weight: 1.4, dashArray: '9 3 2 3', fill: false }, look)).addTo(map);
  }

  restoration.surroundings = {
    before: function (map, store) {
      map.attributionControl.setPrefix(false);
      map.createPane('towns').style.zIndex = 450;
      map.createPane('outline').style.zIndex = 140;
      store.outline.then(function (rings) { outline(map, rings); });
      new Graticule().addTo(map);
    },
    after: function (map, store) {
      L.control.scale({ imperial: false, maxWidth: 140, position: 'bottomleft' }).addTo(map);
      new Coordinates().addTo(map);
      Towns(map, store);
    }
  };
})();
