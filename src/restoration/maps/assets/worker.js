/* In a worker: unpacks, makes the shapes and paints what the page (crew.js) asks for. In a page this does nothing. */
(function () {
  'use strict';

  if (typeof document !== 'undefined') { return; }

  var run = restoration.inOneGo, painter = null, waiting = [], busy = false, channel = new MessageChannel(), canvas = null;

  var tasks = {
    unpack: function (told) {
      return restoration.unpack(told.about, told.text, run).then(function (columns) { return { answer: columns, buffers: buffersOf(columns) }; });
    },

    shapes: function (told) {
      var columns, shapes;
      return restoration.unpack(told.about, told.text, run).then(function (made) {
        columns = made;
        return run(restoration.shapesOf(columns));
      }).then(function (made) {
        shapes = made;
        return run(restoration.gridOf(shapes.boxes));
      }).then(function (grid) {
        var answer = { shapes: shapes, grid: grid, columns: withoutPoints(columns) };
        if (!told.classes) { return { answer: answer, buffers: buffersOf(shapes).concat(buffersOf(grid), buffersOf(answer.columns)) }; }
        painter = new restoration.Painter(shapes, grid, told.classes);
        answer = { shapes: copied(shapes), grid: copied(grid), columns: answer.columns };
        return { answer: answer, buffers: buffersOf(answer.shapes).concat(buffersOf(answer.grid), buffersOf(answer.columns)) };
      });
    },

    looks: function (told) {
      painter.looks = told.looks;
      return Promise.resolve({ answer: null, buffers: [] });
    },

    paint: function (told) {
      var tile = told.tile, side = tile.size * tile.scale;
      if (!canvas || canvas.width !== side) { canvas = restoration.canvas(side, side); }
      return run(painter.paint(tile, canvas)).then(function () {
        var bitmap = canvas.transferToImageBitmap();
        return { answer: bitmap, buffers: [bitmap] };
      });
    }
  };

  /* What the page needs beside the shapes. */
  function withoutPoints(columns) {
    var kept = {};
    Object.keys(columns).forEach(function (name) { if (!/^(rings|points|owner|first_|step_)/.test(name)) { kept[name] = columns[name]; } });
    return kept;
  }

  function buffersOf(columns) {
    var buffers = Object.keys(columns).map(function (name) { return columns[name] && columns[name].buffer; });
    return buffers.filter(function (buffer, at) { return buffer && buffers.indexOf(buffer) === at; });
  }

  function copied(columns) {
    var made = {};
    Object.keys(columns).forEach(function (name) { made[name] = columns[name] && columns[name].buffer ? columns[name].slice() : columns[name]; });
    return made;
  }

  function next() {
    var told = waiting.shift();
    busy = Boolean(told);
    if (!told) { return; }
    tasks[told.task](told).then(function (done) {
      self.postMessage({ id: told.id, answer: done.answer }, done.buffers);
    }, function (error) {
      self.postMessage({ id: told.id, error: String(error) });
    }).then(function () { channel.port2.postMessage(0); });
  }

  channel.port1.onmessage = next;

  self.onmessage = function (event) {
    var told = event.data;
    if (told.task === 'start') { if (!told.stream) { self.DecompressionStream = undefined; } return; }
    if (told.task === 'drop') { waiting = waiting.filter(function (other) { return other.id !== told.id; }); return; }
    waiting.push(told);
    if (!busy) { busy = true; channel.port2.postMessage(0); }
  };
})();
