/* The picture of the map on a sheet, at the resolution of print: ground, what lies under the sites, graticule, sites, outline. */
(function () {
  'use strict';

  var PX_MM = 0.127;      // a pixel of the page's map is so many mm of paper: 0.36 pt, as `figure` has it
  var TILE_PX = 512;      // of the page's map; textures run on across tiles
  var MM_PER_INCH = 25.4;

  /* Paints a window on a canvas of its own; gives { canvas, seen (sites in the window), marked (those too small for their boundary) }. */
  restoration.groundOf = function (store, view, made) {
    var place = view.place, dots = made.print.dpi / MM_PER_INCH, canvas = restoration.canvas(Math.round(place.width * dots), Math.round(place.height * dots));
    return restoration.inSlices(painted(store, view, made, canvas, dots));
  };

  function* painted(store, view, made, canvas, dots) {
    var pen = canvas.getContext('2d'), place = view.place;
    pen.scale(dots, dots);
    pen.translate(-place.x, -place.y);
    pen.fillStyle = restoration.INK.ground;
    pen.fillRect(place.x, place.y, place.width, place.height);
    if (made.rings) { outline(pen, view, made.rings, { fill: '#fdfcf9', stroke: 'rgba(185, 178, 157, .35)', width: 7 * PX_MM, dash: [] }); }
    yield;
    if (made.backdrop) { yield* made.backdrop(pen, view); }
    made.lines.forEach(function (line) { drawn(pen, [line.points], false); stroke(pen, '#d8d4c8', 0.13, []); });
    var told = yield* sites(store, view, made.plane, made.looks, pen, Math.round(dots * PX_MM * 1000) / 1000);
    if (made.rings) { outline(pen, view, made.rings, { stroke: '#6f6a5b', width: 1.4 * PX_MM, dash: [9, 3, 2, 3].map(function (px) { return px * PX_MM; }) }); }
    return Object.assign(told, { canvas: canvas });
  }

  /* The page's own painter, on shapes that lie in the plane. */
  function* sites(store, view, plane, looks, pen, scale) {
    var painter = new restoration.Painter(plane.shapes, plane.grid, store.classes), place = view.place, size = TILE_PX;
    var perUnit = 1 / (PX_MM * view.mm * restoration.UNITS_M), zoom = Math.log2(perUnit * restoration.UNITS), corner = restoration.cornerOf(view), half = restoration.UNITS * 128;
    var square = restoration.canvas(size * scale, size * scale);
    painter.looks = looks;
    for (var j = 0; j * size * PX_MM < place.height; j++) {
      for (var i = 0; i * size * PX_MM < place.width; i++) {
        yield* painter.paint({ x: (corner[0] + half) * perUnit / size + i, y: (corner[1] + half) * perUnit / size + j, zoom: zoom, size: size, scale: scale }, square);
        pen.drawImage(square, place.x + i * size * PX_MM, place.y + j * size * PX_MM, size * PX_MM, size * PX_MM);
      }
    }
    return counted(painter, plane.shapes.boxes, looks, corner, view, perUnit);
  }

  function counted(painter, boxes, looks, corner, view, perUnit) {
    var told = { seen: 0, marked: 0, mark_mm: restoration.TINY_PX * PX_MM };
    painter.finder.touching(corner[0], corner[1], corner[0] + view.place.width / PX_MM / perUnit, corner[1] + view.place.height / PX_MM / perUnit).forEach(function (shape) {
      var b = 4 * shape;
      if (looks[shape] === restoration.HIDDEN) { return; }
      told.seen += 1;
      told.marked += Math.max(boxes[b + 2] - boxes[b], boxes[b + 3] - boxes[b + 1]) * perUnit < restoration.TINY_PX ? 1 : 0;
    });
    return told;
  }

  function outline(pen, view, rings, look) {
    drawn(pen, rings.map(function (ring) { return ring.map(function (at) { return view.of(at.lng, at.lat); }); }), true);
    if (look.fill) { pen.fillStyle = look.fill; pen.fill('evenodd'); }
    stroke(pen, look.stroke, look.width, look.dash);
  }

  function drawn(pen, paths, closed) {
    pen.beginPath();
    paths.forEach(function (points) {
      points.forEach(function (at, i) { pen[i ? 'lineTo' : 'moveTo'](at[0], at[1]); });
      if (closed) { pen.closePath(); }
    });
  }

  function stroke(pen, colour, width, dash) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.stroke();
  }
})();
