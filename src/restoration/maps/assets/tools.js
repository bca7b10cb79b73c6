/* Buttons at the map's edge: print, full screen, where I am. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, SVG = 'http://www.w3.org/2000/svg', PATIENCE_MS = 20000, NEAREST = 16, TOLD_MS = 15000;
  var SIGNS = {
    print: 'M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z',
    fullscreen: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
    locate: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v4M12 18v4M2 12h4M18 12h4'
  };

  restoration.tools = function (map, store, place) {
    var words = store.page.sheet_words, open = restoration.printing(store), bar = L.DomUtil.create('div', 'leaflet-bar tools');
    if (open) { bar.appendChild(tool('print', words.print, open)); }
    if (document.fullscreenEnabled) { bar.appendChild(fullscreen(words)); }
    if (navigator.geolocation) { bar.appendChild(locate(map, words, place)); }
    L.DomEvent.disableClickPropagation(bar);
    var Tools = L.Control.extend({ options: { position: 'topleft' }, onAdd: function () { return bar; } });
    if (bar.firstChild) { new Tools().addTo(map); }
  };

  function tool(sign, name, click) {
    var drawing = document.createElementNS(SVG, 'svg'), path = document.createElementNS(SVG, 'path'), button = el('button', { type: 'button', 'class': 'tool ' + sign });
    drawing.setAttribute('viewBox', '0 0 24 24');
    drawing.setAttribute('aria-hidden', 'true');
    path.setAttribute('d', SIGNS[sign]);
    drawing.appendChild(path);
    button.appendChild(drawing);
    button.addEventListener('click', click);
    called(button, name);
    return button;
  }

  function called(button, name) {
    button.title = name;
    button.setAttribute('aria-label', name);
  }

  function fullscreen(words) {
    var button = tool('fullscreen', words.fullscreen, function () {
      if (document.fullscreenElement) { document.exitFullscreen(); } else { document.documentElement.requestFullscreen().catch(function () { button.disabled = true; }); }
    });
    document.addEventListener('fullscreenchange', function () { called(button, document.fullscreenElement ? words.leave_fullscreen : words.fullscreen); });
    return button;
  }

  /* The position is asked for by a click, shown with its accuracy, and goes nowhere. */
  function locate(map, words, place) {
    var shown = L.layerGroup().addTo(map), said = el('p', { 'class': 'located', role: 'status' }), timer = null;
    place.appendChild(said);
    function tell(text) {
      said.textContent = text;
      clearTimeout(timer);
      timer = setTimeout(function () { said.textContent = ''; }, TOLD_MS);
    }
    return tool('locate', words.locate, function () {
      tell(words.locating);
      navigator.geolocation.getCurrentPosition(function (found) {
        var at = [found.coords.latitude, found.coords.longitude], within = Math.max(1, Math.round(found.coords.accuracy));
        shown.clearLayers();
        shown.addLayer(L.circle(at, { radius: within, color: '#0a6bc2', weight: 1, fillOpacity: 0.12, interactive: false }));
        shown.addLayer(L.circleMarker(at, { radius: 6, color: '#fff', weight: 2.5, fillColor: '#0a6bc2', fillOpacity: 1, interactive: false }));
        map.fitBounds(L.latLng(at).toBounds(2 * within), { maxZoom: NEAREST, padding: [60, 60] });
        tell(say(words.located, { a: within.toLocaleString('en-US') }));
      }, function (error) {
        tell(error.code === 1 ? words.locate_denied : words.locate_failed);
      }, { enableHighAccuracy: true, timeout: PATIENCE_MS });
    });
  }
})();
