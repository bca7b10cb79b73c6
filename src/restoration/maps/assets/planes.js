/* Gauss-Krueger coordinates on CGCS2000 in 3-degree zones, and back, by Krueger's series. */
(function () {
  'use strict';

  var A = 6378137, F = 1 / 298.257222101, FALSE_EAST = 500000, ZONE = 1000000, BAND = 3;
  var N = F / (2 - F), E = Math.sqrt(F * (2 - F));
  var RADIUS = A / (1 + N) * (1 + N * N / 4 + N * N * N * N / 64);
  /* To the fourth power of N: under a millimetre as far as 20 degrees from the meridian. */
  var SERIES = [
    N / 2 - 2 * N * N / 3 + 5 * Math.pow(N, 3) / 16 + 41 * Math.pow(N, 4) / 180,
    13 * N * N / 48 - 3 * Math.pow(N, 3) / 5 + 557 * Math.pow(N, 4) / 1440,
    61 * Math.pow(N, 3) / 240 - 103 * Math.pow(N, 4) / 140,
    49561 * Math.pow(N, 4) / 161280
  ];
  var BACK = [
    N / 2 - 2 * N * N / 3 + 37 * Math.pow(N, 3) / 96 - Math.pow(N, 4) / 360,
    N * N / 48 + Math.pow(N, 3) / 15 - 437 * Math.pow(N, 4) / 1440,
    17 * Math.pow(N, 3) / 480 - 37 * Math.pow(N, 4) / 840,
    4397 * Math.pow(N, 4) / 161280
  ];

  restoration.zoneOf = function (lon) { return Math.round(lon / BAND); };

  /* [east, north] of a place in the plane of a zone, metres; the east without the zone's number. */
  restoration.inPlane = function (lon, lat, zone) {
    var phi = lat * Math.PI / 180, turn = (lon - BAND * zone) * Math.PI / 180;
    var t = Math.sinh(Math.atanh(Math.sin(phi)) - E * Math.atanh(E * Math.sin(phi)));
    var xi = Math.atan2(t, Math.cos(turn)), eta = Math.atanh(Math.sin(turn) / Math.sqrt(1 + t * t)), sum = summed(SERIES, xi, eta);
    return [FALSE_EAST + RADIUS * (eta + sum.eta), RADIUS * (xi + sum.xi)];
  };

  /* [longitude, latitude] in degrees of a place in the plane of a zone. */
  restoration.fromPlane = function (east, north, zone) {
    var xi = north / RADIUS, eta = (east - FALSE_EAST) / RADIUS, sum = summed(BACK, xi, eta);
    xi -= sum.xi;
    eta -= sum.eta;
    var wanted = Math.sin(xi) / Math.sqrt(Math.pow(Math.sinh(eta), 2) + Math.pow(Math.cos(xi), 2));
    return [BAND * zone + Math.atan2(Math.sinh(eta), Math.cos(xi)) * 180 / Math.PI, Math.atan(tangentOf(wanted)) * 180 / Math.PI];
  };

  /* { zone, north, east }: metres, the east with the zone's number before it; of a zone if one is wanted, else of the nearest. */
  restoration.toPlane = function (lon, lat, wanted) {
    var zone = wanted === undefined ? restoration.zoneOf(lon) : wanted, at = restoration.inPlane(lon, lat, zone);
    return { zone: zone, north: at[1], east: zone * ZONE + at[0] };
  };

  function summed(series, xi, eta) {
    var sum = { xi: 0, eta: 0 };
    series.forEach(function (share, at) {
      var k = 2 * (at + 1);
      sum.xi += share * Math.sin(k * xi) * Math.cosh(k * eta);
      sum.eta += share * Math.cos(k * xi) * Math.sinh(k * eta);
    });
    return sum;
  }

  /* The tangent of the latitude whose conformal latitude has a tangent, by Newton's steps. */
  function tangentOf(wanted) {
    var found = wanted / (1 - E * E);
    for (var step = 0; step < 4; step++) {
      var root = Math.sqrt(1 + found * found), sigma = Math.sinh(E * Math.atanh(E * found / root)), made = found * Math.sqrt(1 + sigma * sigma) - sigma * root;
      found += (wanted - made) / Math.sqrt(1 + made * made) * (1 + (1 - E * E) * found * found) / ((1 - E * E) * root);
    }
    return found;
  }
})();
