/* The basemap of the page on a sheet: its tiles and pictures in the plane, finer than on the screen. */
(function () {
  'use strict';

  var FINEST_MM = 0.2;    // of paper for a pixel of a tile
  var WORLD_M = 2 * Math.PI * 6378137, TILE_PX = 256, STEPS = 4, PIECES = 4, MOST_TILES = 400, PATIENCE_MS = 10000, OVER_PX = 0.7;

  /* A promise of { paint, tainted, missing }. `clean` leaves out pictures of other sites that the browser keeps out of a file. */
  restoration.backdropOnPlane = function (backdrop, view, clean) {
    var map = backdrop.map, parts = backdrop.pictures.filter(function (part) { return map.hasLayer(part.layer); })
      .map(function (part) { return { about: part.about, opacity: part.layer.options.opacity }; });
    if (backdrop.shown) { parts.unshift({ about: backdrop.shown, opacity: Number(map.getPane('basemap').style.opacity || 1) }); }
    var wanted = parts.reduce(function (all, part) { return all.concat(picturesOf(part.about, view).map(function (one) { return Object.assign(one, { opacity: part.opacity, outside: part.about.kind === 'service' }); })); }, []);
    return Promise.all(wanted.map(function (one) { return loaded(one, clean); })).then(function (found) {
      found = found.filter(Boolean);
      return {
        missing: wanted.length - found.length, tainted: found.some(function (one) { return one.tainted; }),
        paint: function* (pen) {
          for (var i = 0; i < found.length; i++) { place(pen, view, found[i]); yield; }
        }
      };
    });
  };

  function picturesOf(about, view) {
    var bounds = L.latLngBounds([]), place = view.place;
    if (about.kind === 'picture') {
      var box = L.latLngBounds(about.bounds), one = shareOf(box.getWest(), box.getNorth()), other = shareOf(box.getEast(), box.getSouth());
      return [{ source: about.image, west: one[0], north: one[1], east: other[0], south: other[1], datum: '' }];
    }
    [0, 0.5, 1].forEach(function (x) { [0, 0.5, 1].forEach(function (y) { var at = view.degrees(place.x + x * place.width, place.y + y * place.height); bounds.extend([at[1], at[0]]); }); });
    return tilesOf(about, bounds, view);
  }

  /* Shares of Mercator's world, from its north-west corner, and back. */
  function shareOf(lon, lat) { return [(lon + 180) / 360, (1 - Math.asinh(Math.tan(lat * Math.PI / 180)) / Math.PI) / 2]; }

  function degreesOf(x, y) { return [x * 360 - 180, Math.atan(Math.sinh((1 - 2 * y) * Math.PI)) * 180 / Math.PI]; }

  function tilesOf(about, bounds, view) {
    var middle = bounds.getCenter(), needed = Math.log2(WORLD_M * Math.cos(middle.lat * Math.PI / 180) / TILE_PX / (view.mm * FINEST_MM));
    var zoom = Math.max(about.min || 0, Math.min(about.max, Math.ceil(needed))), number = Math.pow(2, zoom), spare = about.datum === 'gcj02' ? 1 : 0, tiles = [];
    var one = shareOf(bounds.getWest(), bounds.getNorth()), other = shareOf(bounds.getEast(), bounds.getSouth());
    for (var x = Math.floor(one[0] * number) - spare; x <= Math.floor(other[0] * number) + spare; x++) {
      for (var y = Math.floor(one[1] * number) - spare; y <= Math.floor(other[1] * number) + spare; y++) {
        var sources = sourcesOf(about, x, y, zoom);
        sources.forEach(function (source) { tiles.push({ source: source, west: x / number, north: y / number, east: (x + 1) / number, south: (y + 1) / number, datum: about.datum }); });
      }
    }
    return tiles.slice(0, MOST_TILES);
  }

  function sourcesOf(about, x, y, zoom) {
    if (about.kind === 'service') { return about.urls.map(function (url) { return restoration.tileUrl(url, about.subdomains, { x: x, y: y, z: zoom }); }); }
    var image = about.places[zoom + '/' + x + '/' + y];
    return image === undefined ? [] : [about.images[image]];
  }

  /* With its picture, or null: first as one that may be kept in a file, then as any. */
  function loaded(one, clean) {
    return fetched(one.source, one.outside).then(function (image) { return Object.assign(one, { image: image, tainted: false }); }).catch(function () {
      if (!one.outside || clean) { return null; }
      return fetched(one.source, false).then(function (image) { return Object.assign(one, { image: image, tainted: true }); }).catch(function () { return null; });
    });
  }

  function fetched(source, asks) {
    return new Promise(function (resolve, reject) {
      var image = new Image();
      if (asks) { image.crossOrigin = 'anonymous'; }
      image.onload = function () { resolve(image); };
      image.onerror = reject;
      setTimeout(reject, PATIENCE_MS);
      image.src = source;
    });
  }

  /* In pieces, each put where its corners belong. */
  function place(pen, view, one) {
    var image = one.image, wide = image.naturalWidth / PIECES, high = image.naturalHeight / PIECES;
    pen.save();
    pen.beginPath();
    pen.rect(view.place.x, view.place.y, view.place.width, view.place.height);
    pen.clip();
    pen.globalAlpha = one.opacity;
    for (var i = 0; i < PIECES; i++) {
      for (var j = 0; j < PIECES; j++) {
        var at = corner(one, i, j), right = corner(one, i + 1, j), down = corner(one, i, j + 1);
        pen.save();
        pen.transform((right[0] - at[0]) / wide, (right[1] - at[1]) / wide, (down[0] - at[0]) / high, (down[1] - at[1]) / high, at[0], at[1]);
        pen.drawImage(image, i * wide, j * high, wide, high, 0, 0, wide + OVER_PX, high + OVER_PX);
        pen.restore();
      }
    }
    pen.restore();

    function corner(of, x, y) {
      var told = degreesOf(of.west + (of.east - of.west) * x / PIECES, of.north + (of.south - of.north) * y / PIECES), belongs = told;
      for (var step = 0; of.datum === 'gcj02' && step < STEPS; step++) {
        var shifted = restoration.gcj02(belongs[0], belongs[1]);
        belongs = [told[0] - shifted[0] + belongs[0], told[1] - shifted[1] + belongs[1]];
      }
      return view.of(belongs[0], belongs[1]);
    }
  }
})();
