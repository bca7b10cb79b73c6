/* Measuring on the map: points by clicks, or by the space bar at its middle; the length of the line, and the ground inside it. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, MU_M2 = 2000 / 3, HA_M2 = 10000, SAME_PX = 4, TO = [14, 0], LINE = { color: '#b3261e', weight: 2.5, interactive: false };

  restoration.ruler = function (map, store, facts, place) {
    var words = store.page.words, points = [], done = false, drawn = L.layerGroup(), lead = L.polyline([], Object.assign({}, LINE, { weight: 1.5, dashArray: '2 5' })), tip = L.tooltip({ direction: 'right', offset: TO, className: 'site-tip', opacity: 1 }), told = el('dl', {}), note = el('p', { 'class': 'quiet', role: 'status' });
    var undo = button(words.ruler_undo, back), clear = button(words.ruler_clear, wipe), copy = button(words.copy, copied);
    var close = el('button', { type: 'button', 'class': 'close', 'aria-label': words.close, title: words.close }, '×');
    var node = el('section', { 'class': 'ruler', 'aria-label': words.ruler, hidden: '' }, el('header', {}, el('h2', {}, words.ruler), close), note, told, el('div', { 'class': 'deeds' }, undo, clear, copy));
    var open = el('a', { 'class': 'measure', href: '#', role: 'button', title: words.ruler, 'aria-label': words.ruler, 'aria-expanded': 'false' }, el('span', { 'aria-hidden': 'true' }));
    place.appendChild(node);
    place.appendChild(el('div', { 'class': 'cross', 'aria-hidden': 'true', hidden: '' }));
    var cross = place.lastChild, Bar = L.Control.extend({
      options: { position: 'topleft' },
      onAdd: function () {
        var bar = el('div', { 'class': 'leaflet-bar' }, open);
        L.DomEvent.disableClickPropagation(bar);
        return bar;
      }
    });
    new Bar().addTo(map);
    open.addEventListener('click', function (event) { event.preventDefault(); turn(node.hidden); });
    close.addEventListener('click', function () { turn(false); open.focus(); });
    document.addEventListener('keydown', key, true);

    function button(text, deed) {
      var made = el('button', { type: 'button', 'class': 'reset' }, text);
      made.addEventListener('click', deed);
      return made;
    }

    function turn(on) {
      node.hidden = cross.hidden = !on;
      open.setAttribute('aria-expanded', String(on));
      facts.paused = on;
      map.getContainer().classList.toggle('measuring', on);
      map.doubleClickZoom[on ? 'disable' : 'enable']();
      map[on ? 'on' : 'off']({ click: clicked, dblclick: end, mousemove: follow, mouseout: unlead });
      if (on) { facts.close(); drawn.addTo(map); } else { drawn.remove(); }
      wipe();
      if (on) { map.getContainer().focus({ preventScroll: true }); } // the keys are the map's
    }

    function clicked(event) {
      var last = points.length && map.latLngToContainerPoint([points[points.length - 1][1], points[points.length - 1][0]]);
      if (!done && last && last.distanceTo(event.containerPoint) < SAME_PX) { return; } // the second click of two
      add(event.latlng);
    }

    /* The line to the pointer, and how long all would be. */
    function follow(event) {
      var last = points[points.length - 1];
      if (!last || done) { return; }
      lead.setLatLngs([[last[1], last[0]], event.latlng]).addTo(drawn);
      tip.setLatLng(event.latlng).setContent(el('span', { 'class': 'number' }, metres(lengthOf(points.concat([[event.latlng.lng, event.latlng.lat]]))))).addTo(map);
    }

    function unlead() {
      lead.remove();
      tip.remove();
    }

    function add(at) {
      if (done) { points = []; }
      done = false;
      points.push([at.lng, at.lat]);
      show();
    }

    function end() { done = points.length > 1; show(); }
    function back() { points.pop(); done = false; show(); }
    function wipe() { points = []; done = false; show(); }

    function key(event) {
      var onMap = event.target === map.getContainer() || event.target === document.body;
      if (node.hidden || !onMap && event.key !== 'Escape') { return; }
      if (event.key === 'Enter') { end(); } else if (event.key === 'Backspace') { back(); } else if (event.key === ' ') { add(map.getCenter()); }
      else if (event.key === 'Escape') { if (points.length) { wipe(); } else { turn(false); open.focus(); } } else { return; }
      event.preventDefault();
      event.stopPropagation();
    }

    function show() {
      var places = points.map(function (at) { return [at[1], at[0]]; });
      drawn.clearLayers();
      unlead();
      if (points.length > 2) { drawn.addLayer(L.polygon(places, Object.assign({}, LINE, { dashArray: '5 5', weight: 1.5, fillOpacity: 0.12 }))); }
      drawn.addLayer(L.polyline(places, LINE));
      places.forEach(function (at) { drawn.addLayer(L.circleMarker(at, { radius: 4, color: '#b3261e', weight: 2, fillColor: '#fff', fillOpacity: 1, interactive: false })); });
      told.textContent = '';
      results().forEach(function (one) { told.appendChild(el('div', {}, el('dt', {}, one[0]), el('dd', { 'class': 'number' }, one[1]))); });
      note.textContent = points.length ? say(words.ruler_points, { n: points.length }) + (done ? '' : ' ' + words.ruler_more) : words.ruler_hint;
      undo.disabled = clear.disabled = !points.length;
      copy.disabled = points.length < 2;
    }

    /* Label and value of what is known of the points. */
    function results() {
      if (points.length < 2) { return []; }
      var line = lengthOf(points), found = [[words.ruler_length, metres(line)]];
      if (points.length < 3) { return found; }
      found.push([words.ruler_around, metres(line + restoration.geodesic(points[points.length - 1], points[0]))]);
      if (restoration.crosses(points)) { return found.concat([[words.ruler_area, words.ruler_crosses]]); }
      var area = restoration.areaOf(points);
      return found.concat([[words.ruler_area, number(area / MU_M2, 2) + ' ' + words.mu], ['', number(area / HA_M2, 4) + ' ' + words.ha], ['', number(area, 1) + ' m²']]);
    }

    function copied() {
      var label = '', text = results().map(function (one) { label = one[0] || label; return label + '\t' + one[1]; });
      var corners = points.map(function (at) { return at[0].toFixed(7) + '\t' + at[1].toFixed(7); });
      note.textContent = restoration.copyText(text.concat(corners).join('\n')) ? words.ruler_copied : words.not_copied;
      copy.focus();
    }
  };

  function lengthOf(points) {
    return points.slice(1).reduce(function (line, at, before) { return line + restoration.geodesic(points[before], at); }, 0);
  }

  function number(value, digits) { return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }); }
  function metres(length) { return length < 10000 ? number(length, 1) + ' m' : number(length / 1000, 3) + ' km'; }
})();
