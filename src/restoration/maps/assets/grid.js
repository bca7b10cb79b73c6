/* The graticule of a sheet, and what stands on the frame: degrees below and left, kilometres of the plane above and right. */
(function () {
  'use strict';

  var STEPS_S = [36000, 18000, 7200, 3600, 1800, 1200, 600, 300, 120, 60, 30, 20, 10, 5, 2, 1]; // seconds of a degree, those of `figure`
  var SPACING = 38, DEGREE_M = 111000, PIECES = 40, CORNER = 5, BAND = 4.6; // mm, metres, of a line, mm, mm on A4
  var INK = restoration.INK;

  /* Lines { meridian, label, points (mm) }: from edge to edge and beyond. */
  restoration.graticuleOf = function (view) {
    var place = view.place, lons = [], lats = [], lines = [], step = stepOf(view);
    for (var i = 0; i <= PIECES; i++) {
      [[i / PIECES, 0], [i / PIECES, 1], [0, i / PIECES], [1, i / PIECES]].forEach(function (share) {
        var at = view.degrees(place.x + share[0] * place.width, place.y + share[1] * place.height);
        lons.push(at[0]);
        lats.push(at[1]);
      });
    }
    var west = Math.min.apply(null, lons), east = Math.max.apply(null, lons), south = Math.min.apply(null, lats), north = Math.max.apply(null, lats);
    each(west, east, step, function (lon) { lines.push(lineOf(true, restoration.dms(lon, 'EW'), function (share) { return view.of(lon, south + share * (north - south)); })); });
    each(south, north, step, function (lat) { lines.push(lineOf(false, restoration.dms(lat, 'NS'), function (share) { return view.of(west + share * (east - west), lat); })); });
    return lines;
  };

  function lineOf(meridian, label, at) {
    var points = [];
    for (var i = 0; i <= PIECES; i++) { points.push(at(i / PIECES)); }
    return { meridian: meridian, label: label, points: points };
  }

  function stepOf(view) {
    var least = SPACING * view.mm / DEGREE_M * 3600, fitting = STEPS_S.filter(function (step) { return step >= least; });
    return fitting.length ? fitting[fitting.length - 1] : STEPS_S[0];
  }

  function each(low, high, step, visit) {
    for (var k = Math.ceil(low * 3600 / step); k <= Math.floor(high * 3600 / step); k++) { visit(k * step / 3600); }
  }

  /* Two lines round the map, ticks and numbers between them. */
  restoration.drawFrame = function (marks, view, lines) {
    var place = view.place, u = marks.unit, bottom = place.y + place.height, band = BAND * u;
    marks.box(place.x, place.y, place.width, place.height, { stroke: INK.ink, 'stroke-width': 0.18 });
    marks.box(place.x - band, place.y - band, place.width + 2 * band, place.height + 2 * band, { stroke: INK.ink, 'stroke-width': 0.46 });
    lines.forEach(function (line) {
      var at = crossing(line.points, line.meridian ? 1 : 0, line.meridian ? bottom : place.x);
      if (at === null) { return; }
      if (line.meridian && inside(at, place.x, place.width, u)) {
        marks.line(at, bottom, at, bottom + 1.1 * u, INK.ink);
        marks.write(at, bottom + 3.4 * u, line.label, 6.2, { side: 'middle', room: SPACING });
      }
      if (!line.meridian && inside(at, place.y, place.height, u)) {
        marks.line(place.x, at, place.x - 1.1 * u, at, INK.ink);
        marks.write(place.x - 1.6 * u, at, line.label, 6.2, { side: 'middle', turned: true, room: SPACING });
      }
    });
    kilometres(marks, view);
  };

  /* Where a line crosses the edge `edge` of the axis `axis`, on the other axis; null if it does not. */
  function crossing(points, axis, edge) {
    for (var i = 0; i + 1 < points.length; i++) {
      var one = points[i], other = points[i + 1], share = (edge - one[axis]) / (other[axis] - one[axis]);
      if (share >= 0 && share <= 1) { return one[1 - axis] + share * (other[1 - axis] - one[1 - axis]); }
    }
    return null;
  }

  function inside(at, from, length, unit) { return at > from + CORNER * unit && at < from + length - CORNER * unit; }

  function kilometres(marks, view) {
    var place = view.place, u = marks.unit, right = place.x + place.width, step = roundUp(Math.max(1000, SPACING * view.mm));
    ticks(view.west, view.east, step, function (east) {
      var x = view.at(east, view.north)[0];
      if (!inside(x, place.x, place.width, u)) { return; }
      marks.line(x, place.y, x, place.y - 1.1 * u, INK.soft);
      marks.write(x, place.y - 1.7 * u, view.zone + String(Math.round(east / 1000)).padStart(3, '0') + ' km', 5.6, { side: 'middle', colour: INK.soft, room: SPACING });
    });
    ticks(view.south, view.north, step, function (north) {
      var y = view.at(view.east, north)[1];
      if (!inside(y, place.y, place.height, u)) { return; }
      marks.line(right, y, right + 1.1 * u, y, INK.soft);
      marks.write(right + 3.2 * u, y, Math.round(north / 1000) + ' km', 5.6, { side: 'middle', turned: true, colour: INK.soft, room: SPACING });
    });
  }

  function ticks(low, high, step, visit) {
    for (var k = Math.ceil(low / step); k * step <= high; k++) { visit(k * step); }
  }

  function roundUp(least) {
    var tens = Math.pow(10, Math.floor(Math.log10(least)));
    return [1, 2, 5, 10].filter(function (step) { return step * tens >= least * (1 - 1e-9); })[0] * tens;
  }
})();
