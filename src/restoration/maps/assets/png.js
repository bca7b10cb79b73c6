/* A sheet as a PNG, which says how many points an inch has, so that it is placed in a document at its true size. */
(function () {
  'use strict';

  var MM_PER_INCH = 25.4, METRE = 39.3701, HEAD = 33; // inches; bytes before the first chunk that may be ours

  /* A promise of a blob; refused if the picture is too large, or has another site's on it that the browser keeps out of files. */
  restoration.pngOf = function (made, dpi) {
    var dots = dpi / MM_PER_INCH, paper = made.paper, place = made.view.place, canvas = restoration.canvas(Math.round(paper.width_mm * dots), Math.round(paper.height_mm * dots)), pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(made.ground.canvas, Math.round(place.x * dots), Math.round(place.y * dots));
    return lettered(made.svg, canvas).then(function (letters) {
      pen.drawImage(letters, 0, 0, canvas.width, canvas.height);
      return new Promise(function (resolve, reject) {
        canvas.toBlob(function (blob) { if (blob) { resolve(blob); } else { reject(new Error('no picture')); } }, 'image/png');
      });
    }).then(function (blob) { return new Response(blob).arrayBuffer(); }).then(function (bytes) { return sized(new Uint8Array(bytes), dpi); });
  };

  function lettered(svg, canvas) {
    var copy = svg.cloneNode(true), picture = new Image();
    copy.setAttribute('width', canvas.width);
    copy.setAttribute('height', canvas.height);
    return new Promise(function (resolve, reject) {
      var address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }));
      picture.onload = function () { URL.revokeObjectURL(address); resolve(picture); };
      picture.onerror = function () { reject(new Error('no letters')); };
      picture.src = address;
    });
  }

  function sized(bytes, dpi) {
    var chunk = new Uint8Array(21), view = new DataView(chunk.buffer), metre = Math.round(dpi * METRE);
    view.setUint32(0, 9);
    [0x70, 0x48, 0x59, 0x73].forEach(function (sign, at) { chunk[4 + at] = sign; }); // pHYs
    view.setUint32(8, metre);
    view.setUint32(12, metre);
    chunk[16] = 1;
    view.setUint32(17, checksum(chunk.subarray(4, 17)));
    return new Blob([bytes.subarray(0, HEAD), chunk, bytes.subarray(HEAD)], { type: 'image/png' });
  }

  function checksum(bytes) {
    var sum = 0xffffffff;
    bytes.forEach(function (byte) {
      sum ^= byte;
      for (var bit = 0; bit < 8; bit++) { sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0); }
    });
    return (sum ^ 0xffffffff) >>> 0;
  }

  /* A name for a file from what people typed. */
  restoration.fileName = function (title, day) {
    return (title.replace(/[\\/:*?"<>|\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/g, '_').replace(/^[.\s]+/, '').slice(0, 80).trim() || 'map') + '_' + day + '.png';
  };
})();
