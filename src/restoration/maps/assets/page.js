/* Puts the page together. */
(function () {
  'use strict';

  var el = restoration.el, NOWHERE = L.latLngBounds([[18, 73], [54, 135]]); // China, where there is nothing to show

  restoration.page = function (map, id, layers) {
    var store = restoration.store(id), page = store.page, words = page.words;
    document.title = page.title;
    document.body.classList.add('restoration');
    var place = el('main', { 'class': 'place', 'aria-label': words.map }), container = map.getContainer();
    container.parentNode.insertBefore(place, container);
    place.appendChild(container);
    container.setAttribute('role', 'application');
    container.setAttribute('aria-label', words.map);
    var Panel = page.findings ? restoration.FindingsPanel : restoration.Panel;
    var facts = new restoration.Facts(map, store), panel = new Panel(map, store, layers, facts);
    document.body.insertBefore(panel.node, place);
    if (page.sample) { place.appendChild(el('p', { 'class': 'banner', role: 'note' }, words.sample)); }
    if (!page['public']) { place.appendChild(el('p', { 'class': 'stamp' }, words.internal)); }
    if (!store.number && !page.findings) { place.appendChild(el('p', { 'class': 'empty', role: 'status' }, words.no_sites)); }
    if (store.number) { wait(place, store, words); }
    map.invalidateSize({ animate: false });
    restoration.surroundings.before(map, store);
    restoration.changes(map, store, panel);
    home(map, store, layers, words);
    restoration.surroundings.after(map, store);
    restoration.link(map, store, facts, place);
    restoration.timeline(map, store, panel, facts, place);
    restoration.ruler(map, store, facts, place);
    if (store.number && !page.findings && !page.changes) { restoration.table(map, store, facts, place); }
    restoration.tools(map, store, place);
    restoration.minimap(map, store, place);
    restoration.opened = { map: map, store: store, facts: facts, panel: panel };
  };

  /* Says that the sites are being read, and if they cannot be, that. */
  function wait(place, store, words) {
    var told = el('p', { 'class': 'empty', role: 'status' }, words.reading);
    place.appendChild(told);
    store.drawn.then(function () { told.remove(); }, function () { told.textContent = words.broken; });
  }

  function home(map, store, layers, words) {
    var edges = store.page.bounds, bounds = edges ? L.latLngBounds([edges[1], edges[0]], [edges[3], edges[2]]) : NOWHERE;
    var padding = { padding: [36, 36], maxZoom: 17, animate: false };
    map.fitBounds(bounds, padding);
    map.restorationHome = map.getZoom();
    L.control.zoom({ position: 'topleft', zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    var Home = L.Control.extend({
      options: { position: 'topleft' },
      onAdd: function () {
        var bar = el('div', { 'class': 'leaflet-bar' }), link = el('a', { 'class': 'home', href: '#', role: 'button', title: words.zoom_all, 'aria-label': words.zoom_all });
        link.appendChild(el('span', { 'aria-hidden': 'true' }, '⤢'));
        L.DomEvent.disableClickPropagation(bar);
        L.DomEvent.on(link, 'click', function (event) { L.DomEvent.preventDefault(event); map.fitBounds(bounds, { padding: [36, 36], maxZoom: 17 }); });
        bar.appendChild(link);
        return bar;
      }
    });
    new Home().addTo(map);
  }
})();
