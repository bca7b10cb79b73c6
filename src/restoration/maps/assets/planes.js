/* Gauss-Krueger coordinates of a place on CGCS2000, in its 3-degree zone. */
(function () {
  'use strict';

  var A = 6378137, F = 1 / 298.257222101, FALSE_EAST = 500000, ZONE = 1000000, BAND = 3;
  var DEGREE = 111132, ROUNDS = 8; // metres, about
  var N = F / (2 - F), E = Math.sqrt(F * (2 - F));
  var RADIUS = A / (1 + N) * (1 + N * N / 4 + N * N * N * N / 64);
  /* Krueger's series to the fourth power of N: under a millimetre as far as 20 degrees from the meridian. */
  var SERIES = [
    N / 2 - 2 * N * N / 3 + 5 * Math.pow(N, 3) / 16 + 41 * Math.pow(N, 4) / 180,
    13 * N * N / 48 - 3 * Math.pow(N, 3) / 5 + 557 * Math.pow(N, 4) / 1440,
    61 * Math.pow(N, 3) / 240 - 103 * Math.pow(N, 4) / 140,
    49561 * Math.pow(N, 4) / 161280
  ];

  /* { zone, north, east }: metres, the east with the zone's number before it; of a zone if one is wanted, else of the nearest. */
  restoration.toPlane = function (lon, lat, wanted) {
    var zone = wanted === undefined ? Math.round(lon / BAND) : wanted, phi = lat * Math.PI / 180, turn = (lon - BAND * zone) * Math.PI / 180;
    var t = Math.sinh(Math.atanh(Math.sin(phi)) - E * Math.atanh(E * Math.sin(phi)));
    var xi = Math.atan2(t, Math.cos(turn)), eta = Math.atanh(Math.sin(turn) / Math.sqrt(1 + t * t)), north = xi, east = eta;
    SERIES.forEach(function (share, at) {
      var k = 2 * (at + 1);
      north += share * Math.sin(k * xi) * Math.cosh(k * eta);
      east += share * Math.cos(k * xi) * Math.sinh(k * eta);
    });
    return { zone: zone, north: RADIUS * north, east: zone * ZONE + FALSE_EAST + RADIUS * east };
  };

  /* Metres in a zone's plane without its number, [east, north], and back to degrees, [lon, lat] (within a millimetre: the error of a step is a
     thousandth of the last one's). */
  restoration.inPlane = function (lon, lat, zone) {
    var at = restoration.toPlane(lon, lat, zone);
    return [at.east - zone * ZONE, at.north];
  };

  restoration.fromPlane = function (east, north, zone) {
    var lat = north / DEGREE, lon = BAND * zone + (east - FALSE_EAST) / (DEGREE * Math.cos(lat * Math.PI / 180));
    for (var step = 0; step < ROUNDS; step++) {
      var at = restoration.inPlane(lon, lat, zone);
      lon += (east - at[0]) / (DEGREE * Math.cos(lat * Math.PI / 180));
      lat += (north - at[1]) / DEGREE;
    }
    return [lon, lat];
  };
})();
