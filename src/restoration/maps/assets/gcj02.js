/* GCJ-02: where a service of that datum draws a place (the public formula; good to some metres, as the true one was never published). */
(function () {
  'use strict';

  var A = 6378245, EE = 0.00669342162296594323, PI = Math.PI; // Krassovsky's ellipsoid, as the formula has it
  var WEST = 72.004, EAST = 137.8347, SOUTH = 0.8293, NORTH = 55.8271; // beyond it nothing is shifted

  function wave(value, amounts, turns) {
    return amounts.reduce(function (sum, amount, i) { return sum + amount * Math.sin(turns[i] * value * PI); }, 0);
  }

  /* Longitude and latitude (CGCS2000 or WGS 84) as GCJ-02. */
  restoration.gcj02 = function (lon, lat) {
    if (lon < WEST || lon > EAST || lat < SOUTH || lat > NORTH) { return [lon, lat]; }
    var x = lon - 105, y = lat - 35, root = Math.sqrt(Math.abs(x));
    var both = wave(x, [20, 20], [6, 2]);
    var north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + 2 / 3 * (both + wave(y, [20, 40, 160, 320], [1, 1 / 3, 1 / 12, 1 / 30]));
    var east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + 2 / 3 * (both + wave(x, [20, 40, 150, 300], [1, 1 / 3, 1 / 12, 1 / 30]));
    var phi = lat * PI / 180, m = 1 - EE * Math.sin(phi) * Math.sin(phi), s = Math.sqrt(m);
    return [lon + east * 180 / (A / s * Math.cos(phi) * PI), lat + north * 180 / (A * (1 - EE) / (m * s) * PI)];
  };
})();
