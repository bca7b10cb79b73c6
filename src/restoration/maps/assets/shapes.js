/* Shapes: rings in world units, their boxes, a grid to find them by, and how they are thinned for a zoom. */
(function () {
  'use strict';

  var HALF = 2147483648;    // world units from the middle of the world to its edge: a pixel at zoom 24, about 1 cm
  var WORLD = 256;          // pixels of the whole world at zoom 0, as Leaflet's EPSG:3857 has it
  var PAUSE = 4096;         // points between two looks at the clock
  var MOST_CELLS = 512;     // of a side of the grid
  var KNOTS = 1000;         // of a degree of latitude
  var knots = new Float64Array(180 * KNOTS + 2).fill(NaN);

  restoration.UNITS = 2 * HALF / WORLD; // world units in a pixel at zoom 0

  function unitX(lon) { return Math.round(lon / 180 * HALF); }

  /* Between knots a line is less than a tenth of a unit off, up to 60 degrees; millions of logarithms take long. */
  function unitY(lat) {
    var at = (lat + 90) * KNOTS, knot = Math.floor(at), here = knotY(knot);
    return Math.round(here + (at - knot) * (knotY(knot + 1) - here));
  }

  function knotY(knot) {
    if (knots[knot] !== knots[knot]) {
      var sine = Math.sin((knot / KNOTS - 90) * Math.PI / 180);
      knots[knot] = -Math.log((1 + sine) / (1 - sine)) / (2 * Math.PI) * HALF;
    }
    return knots[knot];
  }

  restoration.toUnits = function (lon, lat) { return [unitX(lon), unitY(lat)]; };

  restoration.toDegrees = function (x, y) { return [x / HALF * 180, 180 / Math.PI * Math.atan(Math.sinh(-y / HALF * Math.PI))]; };

  /* From a pack's columns: `xy` of all points, `ringStart` (by point), `shapeStart` (by ring), `owner` (row of the site), `boxes`. */
  restoration.shapesOf = function* (columns) {
    var step = restoration.textOf(columns.step_deg), points = columns.points, number = columns.rings.length;
    var ringStart = running(points), xy = new Int32Array(2 * ringStart[points.length]);
    var firstX = 0, firstY = 0, to = 0, from = 0;
    for (var ring = 0; ring < points.length; ring++) {
      var x = firstX += columns.first_x[ring], y = firstY += columns.first_y[ring];
      for (var p = 0; p < points[ring]; p++) {
        if (p > 0) { x += columns.step_x[from]; y += columns.step_y[from++]; }
        xy[to++] = unitX(x * step);
        xy[to++] = unitY(y * step);
        if (to % PAUSE === 0) { yield; }
      }
    }
    var shapes = { number: number, xy: xy, ringStart: ringStart, shapeStart: running(columns.rings), owner: columns.owner, boxes: null };
    shapes.boxes = yield* boxesOf(shapes);
    return shapes;
  };

  function running(counts) {
    var starts = new Uint32Array(counts.length + 1);
    for (var i = 0; i < counts.length; i++) { starts[i + 1] = starts[i] + counts[i]; }
    return starts;
  }

  /* West, north, east, south of each shape; of one without ground, west is east of east. */
  function* boxesOf(shapes) {
    var boxes = new Int32Array(4 * shapes.number), xy = shapes.xy;
    for (var shape = 0; shape < shapes.number; shape++) {
      var west = HALF - 1, north = HALF - 1, east = -HALF, south = -HALF, last = shapes.ringStart[shapes.shapeStart[shape + 1]];
      for (var p = shapes.ringStart[shapes.shapeStart[shape]]; p < last; p++) {
        var x = xy[2 * p], y = xy[2 * p + 1];
        if (x < west) { west = x; }
        if (x > east) { east = x; }
        if (y < north) { north = y; }
        if (y > south) { south = y; }
      }
      boxes[4 * shape] = west;
      boxes[4 * shape + 1] = north;
      boxes[4 * shape + 2] = east;
      boxes[4 * shape + 3] = south;
      if (shape % PAUSE === 0) { yield; }
    }
    return boxes;
  }

  /* A uniform grid over the boxes; `start` and `shapes` say for each cell, row by row, which shapes touch it. */
  restoration.gridOf = function* (boxes) {
    var number = boxes.length / 4, west = HALF, north = HALF, east = -HALF, south = -HALF, shape;
    for (shape = 0; shape < number; shape++) {
      if (boxes[4 * shape] > boxes[4 * shape + 2]) { continue; }
      west = Math.min(west, boxes[4 * shape]);
      north = Math.min(north, boxes[4 * shape + 1]);
      east = Math.max(east, boxes[4 * shape + 2]);
      south = Math.max(south, boxes[4 * shape + 3]);
    }
    var side = Math.max(1, Math.min(MOST_CELLS, Math.ceil(Math.sqrt(number))));
    var grid = { side: side, west: west, north: north, wide: (east - west) / side || 1, high: (south - north) / side || 1 };
    var start = new Uint32Array(side * side + 1), at, key;
    yield;
    for (shape = 0; shape < number; shape++) { eachCell(grid, boxes, shape, function (cell) { start[cell + 1]++; }); }
    for (key = 0; key < side * side; key++) { start[key + 1] += start[key]; }
    yield;
    grid.shapes = new Uint32Array(start[side * side]);
    at = start.slice();
    for (shape = 0; shape < number; shape++) { eachCell(grid, boxes, shape, function (cell) { grid.shapes[at[cell]++] = shape; }); }
    grid.start = start;
    return grid;
  };

  function cellOf(value, side) { return Math.max(0, Math.min(side - 1, Math.floor(value))); }

  function eachCell(grid, boxes, shape, visit) {
    var side = grid.side, b = 4 * shape;
    if (boxes[b] > boxes[b + 2]) { return; }
    var i0 = cellOf((boxes[b] - grid.west) / grid.wide, side), i1 = cellOf((boxes[b + 2] - grid.west) / grid.wide, side);
    var j0 = cellOf((boxes[b + 1] - grid.north) / grid.high, side), j1 = cellOf((boxes[b + 3] - grid.north) / grid.high, side);
    for (var j = j0; j <= j1; j++) { for (var i = i0; i <= i1; i++) { visit(j * side + i); } }
  }

  /* Finds shapes whose boxes touch a box of world units, in the order of the shapes. */
  restoration.Finder = function (grid, boxes) {
    this.grid = grid;
    this.boxes = boxes;
    this.stamp = new Uint32Array(boxes.length / 4);
    this.round = 0;
  };

  restoration.Finder.prototype.touching = function (west, north, east, south) {
    var grid = this.grid, side = grid.side, boxes = this.boxes, stamp = this.stamp, round = ++this.round, found = [];
    var i0 = cellOf((west - grid.west) / grid.wide, side), i1 = cellOf((east - grid.west) / grid.wide, side);
    var j0 = cellOf((north - grid.north) / grid.high, side), j1 = cellOf((south - grid.north) / grid.high, side);
    for (var j = j0; j <= j1; j++) {
      for (var k = grid.start[j * side + i0]; k < grid.start[j * side + i1 + 1]; k++) {
        var shape = grid.shapes[k], b = 4 * shape;
        if (stamp[shape] === round) { continue; }
        stamp[shape] = round;
        if (boxes[b] <= east && boxes[b + 2] >= west && boxes[b + 1] <= south && boxes[b + 3] >= north) { found.push(shape); }
      }
    }
    return Uint32Array.from(found).sort();
  };

  /* Levels of detail: at level k points are moved to a grid of 2^k units, and those that then repeat the last one are left out. Where a
     point goes depends on the point alone, so that a boundary of two shapes stays one line. This is the level for a zoom: half a pixel or finer. */
  restoration.levelFor = function (zoom) { return Math.max(0, Math.floor(Math.log2(restoration.UNITS) - 1 - zoom)); };

  /* Puts a ring's points, from `first` up to `last`, at a level into an array; gives how many there are. */
  restoration.thinned = function (xy, first, last, level, into) {
    var half = level > 0 ? 1 << (level - 1) : 0, to = 0, lastX = NaN, lastY = NaN;
    for (var p = first; p < last; p++) {
      var x = ((xy[2 * p] + half) >> level) << level, y = ((xy[2 * p + 1] + half) >> level) << level;
      if (x === lastX && y === lastY) { continue; }
      into[to++] = lastX = x;
      into[to++] = lastY = y;
    }
    return to > 2 && into[0] === lastX && into[1] === lastY ? to / 2 - 1 : to / 2;
  };
})();
