/* Packs of numbers and texts, as maps/packing.py writes them: from signs to bytes, inflated, cut into columns. */
(function () {
  'use strict';

  var BASE = 85, PAUSE = 16384; // words between two looks at the clock
  var DIGIT = new Uint8Array(128);
  for (var code = 33, digit = 0; code < 127; code++) {
    if ('<>&"\'`\\{}'.indexOf(String.fromCharCode(code)) < 0) { DIGIT[code] = digit++; }
  }

  function* bytesOf(text, length) {
    var words = text.length / 5, bytes = new Uint8Array(4 * words);
    for (var w = 0, at = 0; w < words; w++) {
      var word = 0;
      for (var k = 0; k < 5; k++) { word = word * BASE + DIGIT[text.charCodeAt(at++)]; }
      bytes[4 * w] = word >>> 24;
      bytes[4 * w + 1] = word >>> 16;
      bytes[4 * w + 2] = word >>> 8;
      bytes[4 * w + 3] = word;
      if (w % PAUSE === 0) { yield; }
    }
    return bytes.subarray(0, length);
  }

  /* Chromium 80 and later have the stream; a zlib header is two bytes long. */
  function inflated(bytes, size) {
    if (typeof DecompressionStream === 'undefined') { return Promise.resolve(self.tinyInflate(bytes.subarray(2), new Uint8Array(size))); }
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Response(stream).arrayBuffer().then(function (buffer) { return new Uint8Array(buffer); });
  }

  function* columnsOf(bytes, sections) {
    var columns = {}, at = 0;
    for (var s = 0; s < sections.length; s++) {
      var name = sections[s][0], kind = sections[s][1], count = sections[s][2], wide = sections[s][3], size = count * wide;
      var planes = bytes.subarray(at, at + size);
      at += size;
      if (kind === 'text' || kind === 'bytes') { columns[name] = planes.slice(); } else { columns[name] = yield* numbersOf(planes, count, wide, kind === 'signed'); }
    }
    return columns;
  }

  function* numbersOf(planes, count, wide, signed) {
    var numbers = signed ? new Int32Array(count) : wide === 1 ? new Uint8Array(count) : wide === 2 ? new Uint16Array(count) : new Uint32Array(count);
    for (var i = 0; i < count; i++) {
      var value = 0;
      for (var k = 0; k < wide; k++) { value |= planes[k * count + i] << (8 * k); }
      numbers[i] = signed ? (value >>> 1) ^ -(value & 1) : value;
      if (i % PAUSE === 0) { yield; }
    }
    return numbers;
  }

  /* A promise of a pack's columns: typed arrays by name, texts as bytes of JSON. `run` is how long work is done. */
  restoration.unpack = function (about, text, run) {
    return run(bytesOf(text, about.deflated))
      .then(function (bytes) { return inflated(bytes, about.bytes); })
      .then(function (bytes) {
        if (bytes.length !== about.bytes) { throw new Error('a pack is not whole'); }
        return run(columnsOf(bytes, about.sections));
      });
  };

  restoration.textOf = function (bytes) { return JSON.parse(new TextDecoder().decode(bytes)); };
})();
