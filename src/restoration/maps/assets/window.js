/* What of the ground a sheet shows, and at which scale: the plane of one zone of CGCS2000, true to scale on paper. */
(function () {
  'use strict';

  var FREE = 0.035;           // on each side of what is shown, as a share of the map
  var CM = 100, FALSE_EAST = 500000, CM_EAST = FALSE_EAST * CM;
  var PAUSE = 2048;
  var known = null;           // shapes that were put into the plane once

  /* The shapes of a store in the plane of a zone, in centimetres from the central meridian and the equator, southward; with their grid. */
  restoration.onPlane = function (store, zone) {
    if (!known || known.of !== store.shapes) {
      known = { of: store.shapes, done: restoration.inSlices(moved(store.shapes, zone)) };
    }
    return known.done;
  };

  function* moved(shapes, zone) {
    var from = shapes.xy, xy = new Int32Array(from.length), shape, p;
    for (p = 0; p < xy.length; p += 2) {
      var degrees = restoration.toDegrees(from[p], from[p + 1]), at = restoration.inPlane(degrees[0], degrees[1], zone);
      xy[p] = Math.round(at[0] * CM - CM_EAST);
      xy[p + 1] = Math.round(-at[1] * CM);
      if (p % PAUSE === 0) { yield; }
    }
    var made = Object.assign({}, shapes, { xy: xy, boxes: new Int32Array(4 * shapes.number) });
    for (shape = 0; shape < shapes.number; shape++) { made.boxes.set(boxOf(made, shape), 4 * shape); }
    return { shapes: made, grid: yield* restoration.gridOf(made.boxes) };
  }

  function boxOf(shapes, shape) {
    var first = shapes.ringStart[shapes.shapeStart[shape]], last = shapes.ringStart[shapes.shapeStart[shape + 1]], edges = [2147483647, 2147483647, -2147483648, -2147483648];
    for (var p = first; p < last; p++) {
      for (var side = 0; side < 2; side++) {
        edges[side] = Math.min(edges[side], shapes.xy[2 * p + side]);
        edges[side + 2] = Math.max(edges[side + 2], shapes.xy[2 * p + side]);
      }
    }
    return edges;
  }

  /* The extent of shapes that are shown, and of rings (Leaflet positions): [west, south, east, north] in metres; null for nothing. */
  restoration.extentOnPlane = function (plane, looks, rings, zone) {
    var edges = [Infinity, Infinity, -Infinity, -Infinity], boxes = plane.shapes.boxes;
    function take(west, south, east, north) { edges = [Math.min(edges[0], west), Math.min(edges[1], south), Math.max(edges[2], east), Math.max(edges[3], north)]; }
    for (var shape = 0; shape < plane.shapes.number; shape++) {
      var b = 4 * shape;
      if (looks[shape] !== restoration.HIDDEN && boxes[b] <= boxes[b + 2]) { take(boxes[b] / CM + FALSE_EAST, -boxes[b + 3] / CM, boxes[b + 2] / CM + FALSE_EAST, -boxes[b + 1] / CM); }
    }
    (rings || []).forEach(function (ring) {
      ring.forEach(function (place) { var at = restoration.inPlane(place.lng, place.lat, zone); take(at[0], at[1], at[0], at[1]); });
    });
    return edges[0] <= edges[2] ? edges : null;
  };

  restoration.extentOfBounds = function (bounds, zone) {
    var corners = [bounds.getNorthWest(), bounds.getNorthEast(), bounds.getSouthEast(), bounds.getSouthWest()].map(function (at) { return restoration.inPlane(at.lng, at.lat, zone); });
    function edge(side, pick) { return pick.apply(null, corners.map(function (at) { return at[side]; })); }
    return [edge(0, Math.min), edge(1, Math.min), edge(0, Math.max), edge(1, Math.max)];
  };

  /* A window in which an extent has room on a place of paper (mm), at a scale of round numbers or at one that is wanted. */
  restoration.windowOf = function (extent, place, print, wanted) {
    var room = 1 - 2 * FREE, east = (extent[0] + extent[2]) / 2, north = (extent[1] + extent[3]) / 2;
    var scale = wanted || roundScale(1000 * Math.max((extent[2] - extent[0]) / (place.width * room), (extent[3] - extent[1]) / (place.height * room)), print);
    var mm = scale / 1000, west = east - place.width * mm / 2, top = north + place.height * mm / 2;
    return {
      zone: print.zone, scale: scale, mm: mm, place: place, west: west, north: top, east: west + place.width * mm, south: top - place.height * mm,
      /* Where on paper (mm) a place of the plane, or of degrees, is. */
      at: function (x, y) { return [place.x + (x - west) / mm, place.y + (top - y) / mm]; },
      of: function (lon, lat) { var at = restoration.inPlane(lon, lat, print.zone); return this.at(at[0], at[1]); },
      degrees: function (x, y) { return restoration.fromPlane(west + (x - place.x) * mm, top - (y - place.y) * mm, print.zone); }
    };
  };

  function roundScale(needed, print) {
    var least = Math.max(needed, print.least), tens = Math.pow(10, Math.floor(Math.log10(least)));
    return Math.round(print.steps.concat(10).filter(function (step) { return step * tens >= least * (1 - 1e-9); })[0] * tens);
  }

  /* The longest of 1, 2, 5, 10 ... that is no longer. */
  restoration.roundDown = function (most) {
    var tens = Math.pow(10, Math.floor(Math.log10(most)));
    return [5, 2, 1].filter(function (step) { return step * tens <= most * (1 + 1e-9); })[0] * tens;
  };

  /* The window's north-west corner in the units of the shapes. */
  restoration.cornerOf = function (view) { return [view.west * CM - CM_EAST, -view.north * CM]; };
  restoration.UNITS_M = CM;
})();
