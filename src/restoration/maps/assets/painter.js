/* Paints one tile: fills and lines by class (a display group in a layer), sites of a few pixels as dots. */
(function () {
  'use strict';

  var TINY_PX = restoration.TINY_PX = 3; // a site smaller than this is drawn as a dot of this size
  var PLAIN_PX = 12;      // a site smaller than this has a plain thin line: no room for dashes
  var MARGIN_PX = 6;      // strokes reach this far out of a site
  var PATTERN_PX = 8;     // divides the tile's size, so that textures run on across tiles
  var PAUSE = 256;        // shapes between two looks at the clock
  var HIDDEN = restoration.HIDDEN = 255; // the look of what is not drawn

  /* How layers are told apart, by their place in the lifecycle: what is drawn into an 8 px square. */
  var TEXTURES = [
    null,
    function (pen) { [[2, 2], [6, 6]].forEach(function (at) { pen.beginPath(); pen.arc(at[0], at[1], 0.9, 0, 7); pen.fill(); }); },
    function (pen) { pen.lineWidth = 1.1; pen.beginPath(); pen.moveTo(-2, 6); pen.lineTo(6, -2); pen.moveTo(2, 10); pen.lineTo(10, 2); pen.stroke(); },
    function (pen) { pen.lineWidth = 1; pen.strokeRect(1.5, 1.5, 5, 5); }
  ];

  /* How kinds of change are told apart, by name: what is drawn into a 16 px square. */
  var HATCHES = {
    plus: lines([3, 8, 13, 8], [8, 3, 8, 13]),
    tick: lines([3, 8, 7, 12, 13, 4]),
    rise: lines([3, 11, 8, 5, 13, 11]),
    dots: function (pen) { [[4, 4], [12, 12]].forEach(function (at) { pen.beginPath(); pen.arc(at[0], at[1], 1.8, 0, 7); pen.fill(); }); },
    fall: lines([3, 5, 8, 11, 13, 5]),
    cross: lines([4, 4, 12, 12], [12, 4, 4, 12]),
    lines: lines([0, 4, 16, 4], [0, 12, 16, 12])
  };

  function lines() {
    var made = arguments;
    return function (pen) {
      pen.lineWidth = 1.6;
      for (var line = 0; line < made.length; line++) {
        pen.beginPath();
        for (var at = 0; at < made[line].length; at += 2) { pen.lineTo(made[line][at], made[line][at + 1]); }
        pen.stroke();
      }
    };
  }

  restoration.canvas = function (wide, high) {
    if (typeof document === 'undefined') { return new OffscreenCanvas(wide, high); }
    var canvas = document.createElement('canvas');
    canvas.width = wide;
    canvas.height = high;
    return canvas;
  };

  restoration.texture = function (context, number, colour, scale) {
    var named = typeof number === 'string', draw = named ? HATCHES[number] : TEXTURES[number % TEXTURES.length];
    if (!draw) { return null; }
    var side = scale * (named ? 2 * PATTERN_PX : PATTERN_PX), square = restoration.canvas(side, side), pen = square.getContext('2d');
    pen.scale(scale, scale);
    pen.fillStyle = pen.strokeStyle = colour;
    draw(pen);
    var pattern = context.createPattern(square, 'repeat');
    pattern.setTransform(new DOMMatrix().scale(1 / scale));
    return pattern;
  };

  /* `classes` are { colour, dash, weight, fill, texture } in the order of drawing; `looks` says of each shape its class, or HIDDEN. */
  function Painter(shapes, grid, classes) {
    this.shapes = shapes;
    this.finder = new restoration.Finder(grid, shapes.boxes);
    this.ring = new Int32Array(2 * longest(shapes.ringStart)); // one ring, thinned
    this.classes = classes;
    this.looks = new Uint8Array(shapes.number).fill(HIDDEN);
  }

  /* Paints `tile` = { x, y, zoom, size, scale } on a canvas of size × scale pixels. */
  Painter.prototype.paint = function* (tile, canvas) {
    var view = viewOf(tile), reach = MARGIN_PX / view.zoom;
    var found = this.finder.touching(view.west - reach, view.north - reach, view.west + tile.size / view.zoom + reach, view.north + tile.size / view.zoom + reach);
    var tiny = [], paths = yield* this.trace(found, view, tiny), context = canvas.getContext('2d');
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(tile.scale, 0, 0, tile.scale, 0, 0);
    context.lineJoin = 'round';
    for (var i = 0; i < this.classes.length; i++) { if (paths[i]) { fill(context, this.classes[i], paths[i], tile.scale); yield; } }
    if (tiny.length) { this.dots(context, tiny, view, tile); }
    yield;
    for (i = 0; i < this.classes.length; i++) { if (paths[i]) { stroke(context, this.classes[i], paths[i]); yield; } }
  };

  function viewOf(tile) {
    var zoom = Math.pow(2, tile.zoom) / restoration.UNITS, half = restoration.UNITS * 128; // pixels in a world unit; the world's middle
    return {
      zoom: zoom, west: tile.x * tile.size / zoom - half, north: tile.y * tile.size / zoom - half,
      level: restoration.levelFor(tile.zoom + Math.log2(tile.scale))
    };
  }

  function longest(starts) {
    var most = 0;
    for (var i = 0; i + 1 < starts.length; i++) { most = Math.max(most, starts[i + 1] - starts[i]); }
    return most;
  }

  /* Paths by class; shapes of a few pixels go into `tiny`. */
  Painter.prototype.trace = function* (found, view, tiny) {
    var paths = [], boxes = this.shapes.boxes, starts = this.shapes.shapeStart;
    for (var i = 0; i < found.length; i++) {
      var shape = found[i], look = this.looks[shape], b = 4 * shape;
      if (i % PAUSE === 0) { yield; }
      if (look === HIDDEN) { continue; }
      var size = Math.max(boxes[b + 2] - boxes[b], boxes[b + 3] - boxes[b + 1]) * view.zoom;
      if (size < TINY_PX) {
        tiny.push(shape);
        continue;
      }
      var path = paths[look] || (paths[look] = { plain: null, lines: null });
      var kind = size < PLAIN_PX ? 'plain' : 'lines', line = path[kind] || (path[kind] = new Path2D());
      for (var ring = starts[shape]; ring < starts[shape + 1]; ring++) { this.traceRing(line, ring, view); }
    }
    return paths;
  };

  Painter.prototype.traceRing = function (path, ring, view) {
    var starts = this.shapes.ringStart, xy = this.ring, west = view.west, north = view.north, zoom = view.zoom;
    var points = restoration.thinned(this.shapes.xy, starts[ring], starts[ring + 1], view.level, xy);
    if (points < 2) { return; }
    path.moveTo((xy[0] - west) * zoom, (xy[1] - north) * zoom);
    for (var p = 1; p < points; p++) { path.lineTo((xy[2 * p] - west) * zoom, (xy[2 * p + 1] - north) * zoom); }
    path.closePath();
  };

  /* By the non-zero rule: holes (which run the other way) stay open, and overlapping sites stay full. */
  function fill(context, look, path, scale) {
    var texture = restoration.texture(context, look.texture, look.colour, scale);
    [path.lines, path.plain].forEach(function (lines) {
      if (!lines) { return; }
      context.fillStyle = look.colour;
      context.globalAlpha = look.fill;
      context.fill(lines, 'nonzero');
      if (texture) {
        context.globalAlpha = typeof look.texture === 'string' ? 0.85 : 0.55;
        context.fillStyle = texture;
        context.fill(lines, 'nonzero');
      }
    });
    context.globalAlpha = 1;
  }

  function stroke(context, look, path) {
    context.setLineDash([]);
    if (path.plain) {
      context.lineWidth = 1;
      context.strokeStyle = look.colour;
      context.stroke(path.plain);
    }
    if (!path.lines) { return; }
    context.lineWidth = look.weight + 2;
    context.strokeStyle = 'rgba(255, 255, 255, .55)';
    context.stroke(path.lines);
    context.setLineDash(look.dash ? look.dash.split(' ').map(Number) : []);
    context.lineWidth = look.weight;
    context.strokeStyle = look.colour;
    context.stroke(path.lines);
  }

  /* Dots are set pixel by pixel, which a hundred thousand of them need, and in the order of the shapes: where they lie on one another, each
     class is seen as often as it is there. */
  Painter.prototype.dots = function (context, tiny, view, tile) {
    var side = tile.size * tile.scale, wide = Math.round(TINY_PX * tile.scale), boxes = this.shapes.boxes, zoom = view.zoom * tile.scale;
    var sheet = restoration.canvas(side, side), pen = sheet.getContext('2d'), picture = pen.createImageData(side, side), pixels = new Uint32Array(picture.data.buffer);
    var colours = this.classes.map(function (look) { return pixelOf(look.colour); });
    for (var i = 0; i < tiny.length; i++) {
      var b = 4 * tiny[i], colour = colours[this.looks[tiny[i]]];
      var left = Math.round(((boxes[b] + boxes[b + 2]) / 2 - view.west) * zoom - wide / 2), top = Math.round(((boxes[b + 1] + boxes[b + 3]) / 2 - view.north) * zoom - wide / 2);
      var right = Math.min(side, left + wide), bottom = Math.min(side, top + wide);
      for (var y = Math.max(0, top); y < bottom && right > 0; y++) { pixels.fill(colour, y * side + Math.max(0, left), y * side + right); }
    }
    pen.putImageData(picture, 0, 0);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 0.95;
    context.drawImage(sheet, 0, 0);
    context.restore();
  };

  /* '#rrggbb' as a pixel of a canvas, in the byte order of the machine. */
  function pixelOf(colour) {
    var bytes = new Uint8ClampedArray([1, 3, 5].map(function (at) { return parseInt(colour.slice(at, at + 2), 16); }).concat(255));
    return new Uint32Array(bytes.buffer)[0];
  }

  restoration.Painter = Painter;
})();
