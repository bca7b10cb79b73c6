/* Lengths and areas on the CGCS2000 ellipsoid: geodesics, and the area of record (TD/T 1055-2019 annex D, as ellipsoid.py has it). */
(function () {
  'use strict';

  var MAJOR = 6378137, MINOR = 6356752.31414036, E2 = 0.0066943800229, F = 1 / 298.257222101, PIECE_M = 70, RADIAN = Math.PI / 180, CLOSE = 1e-12;
  var SERIES = [ // A, -B, C, -D, E of annex D
    1 + 3 / 6 * E2 + 30 / 80 * Math.pow(E2, 2) + 35 / 112 * Math.pow(E2, 3) + 630 / 2304 * Math.pow(E2, 4),
    -(1 / 6 * E2 + 15 / 80 * Math.pow(E2, 2) + 21 / 112 * Math.pow(E2, 3) + 420 / 2304 * Math.pow(E2, 4)),
    3 / 80 * Math.pow(E2, 2) + 7 / 112 * Math.pow(E2, 3) + 180 / 2304 * Math.pow(E2, 4),
    -(1 / 112 * Math.pow(E2, 3) + 45 / 2304 * Math.pow(E2, 4)),
    5 / 2304 * Math.pow(E2, 4)
  ];

  /* The ground inside a ring of [longitude, latitude] in degrees, square metres: edges straight in the plane of the ring's zone, in pieces
     of 70 m at most, between which and a meridian the trapezoids are summed. */
  restoration.areaOf = function (ring) {
    var lons = ring.map(function (at) { return at[0]; }), middle = (Math.min.apply(null, lons) + Math.max.apply(null, lons)) / 2, zone = restoration.zoneOf(middle);
    var plane = ring.map(function (at) { return restoration.inPlane(at[0], at[1], zone); }), sum = 0;
    plane.forEach(function (from, at) {
      var to = plane[(at + 1) % plane.length], pieces = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / PIECE_M));
      var before = radians(restoration.fromPlane(from[0], from[1], zone));
      for (var k = 1; k <= pieces; k++) {
        var after = radians(restoration.fromPlane(from[0] + (to[0] - from[0]) * k / pieces, from[1] + (to[1] - from[1]) * k / pieces, zone));
        sum += trapezoid(before, after, middle * RADIAN);
        before = after;
      }
    });
    return Math.abs(sum);
  };

  function radians(degrees) { return [degrees[0] * RADIAN, degrees[1] * RADIAN]; }

  function trapezoid(from, to, meridian) {
    var middle = (from[1] + to[1]) / 2, half = (to[1] - from[1]) / 2, height = 0;
    SERIES.forEach(function (c, k) { height += c * Math.sin((2 * k + 1) * half) * Math.cos((2 * k + 1) * middle); });
    return 2 * MINOR * MINOR * ((from[0] + to[0]) / 2 - meridian) * height;
  }

  /* The length of the geodesic between two places, metres (Vincenty 1975; it holds for places that do not lie across the earth). */
  restoration.geodesic = function (one, other) {
    var u1 = Math.atan((1 - F) * Math.tan(one[1] * RADIAN)), u2 = Math.atan((1 - F) * Math.tan(other[1] * RADIAN)), turn = (other[0] - one[0]) * RADIAN, lambda = turn;
    for (var step = 0; step < 100; step++) {
      var x = Math.cos(u2) * Math.sin(lambda), y = Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * Math.cos(lambda), sine = Math.hypot(x, y);
      if (sine === 0) { return 0; }
      var cosine = Math.sin(u1) * Math.sin(u2) + Math.cos(u1) * Math.cos(u2) * Math.cos(lambda), sigma = Math.atan2(sine, cosine);
      var alpha = Math.cos(u1) * Math.cos(u2) * Math.sin(lambda) / sine, square = 1 - alpha * alpha, twice = square ? cosine - 2 * Math.sin(u1) * Math.sin(u2) / square : 0;
      var c = F / 16 * square * (4 + F * (4 - 3 * square)), last = lambda;
      lambda = turn + (1 - c) * F * alpha * (sigma + c * sine * (twice + c * cosine * (2 * twice * twice - 1)));
      if (Math.abs(lambda - last) < CLOSE) { break; }
    }
    var u = square * (MAJOR * MAJOR / Math.pow(MAJOR * (1 - F), 2) - 1), a = 1 + u / 16384 * (4096 + u * (u * (320 - 175 * u) - 768)), b = u / 1024 * (256 + u * (u * (74 - 47 * u) - 128));
    var bent = b * sine * (twice + b / 4 * (cosine * (2 * twice * twice - 1) - b / 6 * twice * (4 * sine * sine - 3) * (4 * twice * twice - 3)));
    return MAJOR * (1 - F) * a * (sigma - bent);
  };

  /* Whether two edges of a ring cross, so that it has no inside. */
  restoration.crosses = function (ring) {
    return ring.some(function (from, i) {
      var to = ring[(i + 1) % ring.length];
      return ring.some(function (start, j) {
        if (j <= i + 1 || (i === 0 && j === ring.length - 1)) { return false; }
        var end = ring[(j + 1) % ring.length];
        return side(from, to, start) * side(from, to, end) < 0 && side(start, end, from) * side(start, end, to) < 0;
      });
    });
  };

  function side(from, to, at) { return (to[0] - from[0]) * (at[1] - from[1]) - (to[1] - from[1]) * (at[0] - from[0]); }
})();
