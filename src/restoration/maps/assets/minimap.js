/* Where the map's part lies in the whole: outline and sites, small, once the map no longer shows all. A click goes there. */
(function () {
  'use strict';

  var el = restoration.el, WIDE = 168, MOST_HIGH = 150, FREE = 8, RADIAN = Math.PI / 180;

  restoration.minimap = function (map, store, place) {
    var edges = store.page.bounds;
    if (!edges) { return; }
    var canvas = el('canvas', { 'class': 'minimap', 'aria-hidden': 'true', hidden: '', title: store.page.sheet_words.minimap }), still = null, frame = null;
    place.appendChild(canvas);
    Promise.all([store.outline, store.drawn]).then(function (made) {
      frame = frameOf(edges, made[0]);
      renew(made[0]);
      store.listeners.push(function () { renew(made[0]); });
      map.on('moveend resize', draw);
    });
    canvas.addEventListener('click', function (event) {
      var box = canvas.getBoundingClientRect();
      map.panTo(frame.place(event.clientX - box.left, event.clientY - box.top));
    });

    function renew(rings) {
      still = picture(frame, store, rings);
      draw();
    }

    function draw() {
      var bounds = map.getBounds(), pen = canvas.getContext('2d');
      canvas.hidden = bounds.contains(frame.bounds);
      if (canvas.hidden) { return; }
      canvas.width = still.width;
      canvas.height = still.height;
      canvas.style.width = frame.width + 'px';
      canvas.style.height = frame.height + 'px';
      pen.drawImage(still, 0, 0);
      pen.scale(2, 2);
      var one = frame.at(bounds.getNorthWest()), other = frame.at(bounds.getSouthEast()), wide = Math.max(4, other[0] - one[0]), high = Math.max(4, other[1] - one[1]);
      pen.fillStyle = 'rgba(10, 107, 194, .14)';
      pen.strokeStyle = '#0a5aa0';
      pen.lineWidth = 1.5;
      pen.fillRect(one[0], one[1], wide, high);
      pen.strokeRect(one[0], one[1], wide, high);
    }
  };

  /* Mercator, so that a window of the map is a rectangle. */
  function frameOf(edges, rings) {
    var bounds = L.latLngBounds([edges[1], edges[0]], [edges[3], edges[2]]);
    (rings || []).forEach(function (ring) { bounds.extend(L.latLngBounds(ring)); });
    var west = bounds.getWest(), north = up(bounds.getNorth()), east = Math.max(bounds.getEast(), west + 1e-6), south = up(bounds.getSouth());
    var scale = Math.min((WIDE - 2 * FREE) / (east - west), (MOST_HIGH - 2 * FREE) / Math.max(1e-6, north - south));
    return {
      bounds: bounds, scale: scale, width: Math.max(70, (east - west) * scale + 2 * FREE), height: Math.max(50, (north - south) * scale + 2 * FREE),
      at: function (place) { return [FREE + (place.lng - west) * scale, FREE + (north - up(place.lat)) * scale]; },
      place: function (x, y) { return L.latLng((2 * Math.atan(Math.exp((north - (y - FREE) / scale) * RADIAN)) - Math.PI / 2) / RADIAN, west + (x - FREE) / scale); }
    };
  }

  function up(lat) { return Math.log(Math.tan(Math.PI / 4 + lat * RADIAN / 2)) / RADIAN; }

  function picture(frame, store, rings) {
    var canvas = restoration.canvas(Math.round(2 * frame.width), Math.round(2 * frame.height)), pen = canvas.getContext('2d');
    pen.scale(2, 2);
    if (rings) {
      pen.beginPath();
      rings.forEach(function (ring) {
        ring.forEach(function (place, i) { var at = frame.at(place); pen[i ? 'lineTo' : 'moveTo'](at[0], at[1]); });
        pen.closePath();
      });
      pen.fillStyle = '#f1efe8';
      pen.fill('evenodd');
      pen.strokeStyle = '#8b8676';
      pen.stroke();
    }
    pen.fillStyle = 'rgba(45, 106, 79, .75)';
    for (var row = 0; row < store.number; row++) {
      var box = store.visible(row) ? store.bounds([row]) : null;
      if (!box) { continue; }
      var one = frame.at(box.getNorthWest()), other = frame.at(box.getSouthEast());
      pen.fillRect(one[0], one[1], Math.max(1.2, other[0] - one[0]), Math.max(1.2, other[1] - one[1]));
    }
    return canvas;
  }
})();
