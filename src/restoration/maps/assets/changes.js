/* What an import would change: outlines over the sites, a list of kinds in the panel that turns them on and off. */
(function () {
  'use strict';

  var el = restoration.el;

  restoration.changes = function (map, store, panel) {
    var changes = store.page.changes;
    if (!changes) { return; }
    map.createPane('changes').style.zIndex = 420;
    var renderer = L.canvas({ pane: 'changes', padding: 0.5 }), groups = {};
    changes.kinds.forEach(function (look) { groups[look.code] = L.layerGroup().addTo(map); });
    store.changes.then(function (shapes) {
      changes.rows.forEach(function (row, at) {
        var look = lookOf(changes.kinds, row[0]);
        if (!shapes[at].length) { return; }
        L.polygon(shapes[at], { renderer: renderer, pane: 'changes', color: look.colour, weight: 3, dashArray: look.dash || null, fillOpacity: 0.08 })
          .bindTooltip(told(row[1], row[2], look), { sticky: true, className: 'change-tip' }).addTo(groups[look.code]);
      });
    });
    panel.body.insertBefore(legend(map, changes.kinds, groups, store.page.words), panel.body.children[1] || null);
  };

  function lookOf(kinds, code) { return kinds.filter(function (look) { return look.code === code; })[0]; }

  function told(title, text, look) {
    return el('div', {}, el('b', {}, title), el('div', { 'class': 'change-kind' }, look.label), text ? el('div', {}, text) : null);
  }

  function legend(map, kinds, groups, words) {
    var list = el('ul', {});
    kinds.forEach(function (look) {
      var box = el('input', { type: 'checkbox', 'aria-label': look.label, 'data-change': look.code });
      box.checked = true;
      box.addEventListener('change', function () { if (box.checked) { groups[look.code].addTo(map); } else { groups[look.code].remove(); } });
      list.appendChild(el('li', {}, el('label', {}, box, line(look), el('span', { 'class': 'name' }, look.label), el('span', { 'class': 'number' }, look.number))));
    });
    return el('section', { 'class': 'changes' }, el('h2', {}, words.changes, el('small', {}, words.changes_note)), list);
  }

  function line(look) {
    var canvas = el('canvas', { 'class': 'change-line', width: 56, height: 20, 'aria-hidden': 'true' }), pen = canvas.getContext('2d');
    pen.scale(2, 2);
    pen.setLineDash(look.dash ? look.dash.split(' ').map(Number) : []);
    pen.strokeStyle = look.colour;
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(1, 5);
    pen.lineTo(27, 5);
    pen.stroke();
    return canvas;
  }
})();
