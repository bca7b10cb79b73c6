/* What stands beside the map on a sheet: the legend of what is shown with its numbers, north, scale. */
(function () {
  'use strict';

  var INK = restoration.INK, LABEL = 8, SWATCH = 6.4, NUMBER = 0.58, TASK = 0.8, ROW_PT = 7.6, SMALL_PT = 6, NOTE_PT = 5.8, PIECES = 4;

  /* Legend in a place (mm): parts of a height on A4, all lower if they would have no room. */
  restoration.drawLegend = function (marks, place, made) {
    var parts = partsOf(marks, place, made), needed = parts.reduce(function (sum, part) { return sum + part.high; }, 0) * marks.unit;
    var share = Math.min(1, place.height / needed), top = place.y;
    parts.forEach(function (part) {
      part.draw(top, share);
      top += part.high * marks.unit * share;
    });
  };

  function partsOf(marks, place, made) {
    var words = made.words, legend = made.legend, parts = [], u = marks.unit;
    function add(high, draw) { parts.push({ high: high, draw: draw }); }
    function row(one, kind, high, look) { add(high, function (top, share) { drawRow(marks, place, top + (high - 2) / 2 * share * u + 1.9 * share * u, one, kind, made, Object.assign({ share: share }, look)); }); }
    add(6.4, function (top, share) { marks.write(place.x, top + 3.6 * share * u, words.legend, 10.5, { bold: true, room: place.width }); });
    add(6.6, function (top, share) { headings(marks, place, top, share, words.statuses, words); });
    legend.groups.filter(function (one) { return made.shown('group', one.code); }).forEach(function (one) { row(one, 'group', 5.5, { swatch: groupSwatch }); });
    row({ code: '', label: words.whole }, 'whole', 6.2, { bold: true, ruled: true, land: true });
    add(6.8, function (top, share) { headings(marks, place, top, share, words.layers, words); });
    legend.layers.filter(function (layer) { return made.shown('layer', layer.code); }).forEach(function (layer) {
      row(layer, 'layer', 5.6, { swatch: layerSwatch, land: true });
      legend.measures.filter(function (one) { return one.layer === layer.code && one.label !== layer.label && made.shown('measure', one.code); })
        .forEach(function (one) { row(one, 'measure', 4.3, { colour: INK.soft, size: 6.9 }); });
    });
    if (made.rings) { row({ label: words.outline }, '', 5.4, { swatch: outlineSwatch }); }
    var lines = notes(made).reduce(function (all, note) { return all.concat(marks.wrapped(note, NOTE_PT, place.width * 0.98)); }, []);
    add(3 + 2.75 * lines.length, function (top, share) {
      marks.line(place.x, top + 1.4 * u * share, place.x + place.width, top + 1.4 * u * share);
      lines.forEach(function (line, i) { marks.write(place.x, top + (4 + 2.75 * i) * share * u, line, NOTE_PT * Math.max(0.8, share), { colour: INK.soft, room: place.width }); });
    });
    return parts;
  }

  function notes(made) {
    var words = made.words, say = restoration.say, told = made.ground, found = [];
    if (made.filter) { found.push(made.filter); }
    found.push(words.task_note, words.land_note);
    if (told.beyond > 0) { found.push(say(words.beyond, { n: told.beyond.toLocaleString('en-US') })); }
    if (made.legend.left_out) { found.push(say(words.left_out, { n: made.legend.left_out })); }
    if (told.marked) { found.push(say(words.marked, { d: Math.round(told.mark_mm * 10) / 10, n: told.marked.toLocaleString('en-US') })); }
    if (made.simplified) { found.push(made.simplified); }
    return found.concat(words.rule, made.credits);
  }

  function headings(marks, place, top, share, text, words) {
    var u = marks.unit, y = top + 4.3 * u * share, under = top + 5.6 * u * share;
    marks.write(place.x, y, text, ROW_PT, { bold: true, room: 0.4 * place.width });
    [[words.number, NUMBER, 0.16], [restoration.say(words.in_mu, { what: words.task }), TASK, 0.225], [restoration.say(words.in_mu, { what: words.land }), 1, 0.19]].forEach(function (part) {
      marks.write(place.x + part[1] * place.width, y, part[0], SMALL_PT, { side: 'end', colour: INK.soft, room: part[2] * place.width, least: 0.5 });
    });
    marks.line(place.x, under, place.x + place.width, under, INK.ink, 0.18);
  }

  function drawRow(marks, place, y, one, kind, made, look) {
    var u = marks.unit, left = place.x + (look.ruled ? 0 : LABEL * u), size = (look.size || ROW_PT) * Math.max(0.8, look.share), room = NUMBER * place.width - (left - place.x) - 7 * u;
    if (look.ruled) { marks.line(place.x, y - 3.2 * u * look.share, place.x + place.width, y - 3.2 * u * look.share); }
    if (look.swatch) { look.swatch(marks, place.x + 0.3 * u, y - 2.75 * u * look.share, SWATCH * u, 3.5 * u * look.share, one); }
    marks.write(left, y, one.label, size, { bold: look.bold, colour: look.colour, room: kind ? room : place.width - LABEL * u, least: 0.6 });
    if (!kind) { return; }
    [['sites', NUMBER, 0.15], ['task', TASK, 0.215], ['land', 1, 0.19]].forEach(function (part) {
      if (part[0] === 'land' && !look.land) { return; }
      marks.write(place.x + part[1] * place.width, y, made.told(kind, one.code, part[0]), size, { side: 'end', bold: look.bold, colour: look.colour, room: part[2] * place.width, least: 0.3 });
    });
  }

  function groupSwatch(marks, x, y, width, height, look) {
    var px = 0.127 * 1.3, box = { x: x, y: y, width: width, height: height, fill: look.colour, 'fill-opacity': look.fill, stroke: look.colour, 'stroke-width': look.weight * px };
    if (look.dash) { box['stroke-dasharray'] = look.dash.split(' ').map(function (length) { return length * px; }).join(' '); }
    marks.put('rect', box);
  }

  function layerSwatch(marks, x, y, width, height, layer) {
    marks.put('image', { x: x, y: y, width: width, height: height, preserveAspectRatio: 'xMidYMid slice', href: restoration.textureSwatch(layer.texture).toDataURL() });
    marks.box(x, y, width, height, { stroke: '#bab6a8', 'stroke-width': 0.14 });
  }

  function outlineSwatch(marks, x, y, width, height) {
    marks.box(x, y, width, height, { fill: '#fdfcf9', stroke: '#6f6a5b', 'stroke-width': 0.18, 'stroke-dasharray': '1.1 .4 .3 .4' });
  }

  /* An arrow to grid north, half of it dark, that fills a place. */
  restoration.drawNorth = function (marks, place, words) {
    var u = marks.unit, middle = place.x + place.width / 2, top = place.y + 3.2 * u, foot = place.y + place.height - 3.4 * u;
    [[-1, INK.ink], [1, '#fff']].forEach(function (half) {
      marks.put('path', { d: 'M' + [middle, top] + 'L' + [middle + half[0] * 2.1 * u, foot] + 'L' + [middle, foot - 1.5 * u] + 'Z', fill: half[1], stroke: INK.ink, 'stroke-width': 0.18, 'stroke-linejoin': 'miter' });
    });
    marks.write(middle, place.y + 2.3 * u, 'N', 8, { side: 'middle', bold: true });
    marks.write(middle, place.y + place.height - 0.4 * u, words.grid_north, 5.6, { side: 'middle', colour: INK.soft });
  };

  /* A bar of black and white pieces, true to the printed size, with the scale beneath. */
  restoration.drawScale = function (marks, place, view, words) {
    var u = marks.unit, metres = restoration.roundDown((place.width - 18 * u) * view.mm), piece = metres / view.mm / PIECES, left = place.x + (place.width - PIECES * piece) / 2, y = place.y + 7 * u;
    for (var i = 0; i < PIECES; i++) { marks.box(left + i * piece, y, piece, 1.3 * u, { 'class': 'bar', 'data-metres': metres, fill: i % 2 ? '#fff' : INK.ink, stroke: INK.ink, 'stroke-width': 0.18 }); }
    var unit = metres >= 1000 ? 'km' : 'm';
    [0, PIECES / 2, PIECES].forEach(function (number) {
      marks.write(left + number * piece, y - 1 * u, String(metres * number / PIECES / (unit === 'km' ? 1000 : 1)), 6.2, { side: 'middle' });
    });
    marks.write(left + PIECES * piece + 3.2 * u, y - 1 * u, words[unit], 6.2);
    marks.write(place.x + place.width / 2, place.y + place.height - 0.8 * u, restoration.scaleTold(view.scale), 8.4, { side: 'middle', bold: true });
  };

  restoration.scaleTold = function (scale) { return '1 : ' + String(scale).replace(/\B(?=(\d{3})+$)/g, '\u00a0'); };
})();
