/* Who does the long work: a worker made from the page's own text or, where there is none, the page itself in short slices. */
(function () {
  'use strict';

  var SOURCE = 'restoration-worker';

  function Crew() {
    this.asked = {};
    this.number = 0;
    this.turn = Promise.resolve();
    this.worker = hired(this);
    this.painter = null; // in the page, if the worker cannot paint
  }

  /* A worker, or null: old browsers, and frames that forbid it. */
  function hired(crew) {
    try {
      var address = URL.createObjectURL(new Blob([document.getElementById(SOURCE).textContent], { type: 'text/javascript' }));
      var worker = new Worker(address);
      worker.onmessage = function (event) { crew.answered(event.data); };
      worker.onerror = function (event) { event.preventDefault(); crew.dismiss(); };
      worker.postMessage({ task: 'start', stream: typeof DecompressionStream !== 'undefined' });
      return worker;
    } catch (error) { return null; }
  }

  Crew.prototype = {
    answered: function (told) {
      var asked = this.asked[told.id];
      delete this.asked[told.id];
      if (asked && told.error) { asked.reject(new Error(told.error)); } else if (asked) { asked.resolve(told.answer); }
    },

    /* Ends the worker; what it was asked for and has not answered is refused. */
    dismiss: function () {
      var asked = this.asked;
      if (this.worker) { this.worker.terminate(); }
      this.worker = null;
      this.asked = {};
      Object.keys(asked).forEach(function (id) { asked[id].reject(new Error('the worker has gone')); });
    },

    ask: function (told) {
      var self = this;
      told.id = ++this.number;
      return new Promise(function (resolve, reject) {
        self.asked[told.id] = { resolve: resolve, reject: reject };
        self.worker.postMessage(told);
      });
    },

    /* By the worker; if there is none, or it goes, by the page. */
    either: function (told, here) {
      var self = this;
      if (!this.worker) { return here(); }
      return this.ask(told).catch(function (error) {
        if (self.worker) { throw error; }
        return here();
      });
    },

    unpack: function (about, text) {
      return this.either({ task: 'unpack', about: about, text: text }, function () { return restoration.unpack(about, text, restoration.inSlices); });
    },

    /* A promise of { shapes, grid, columns }; afterwards the crew can paint, if it is given the classes to paint. */
    shapes: function (about, text, classes) {
      var self = this, there = Boolean(this.worker) && typeof OffscreenCanvas !== 'undefined' && typeof ImageBitmapRenderingContext !== 'undefined';
      return this.either({ task: 'shapes', about: about, text: text, classes: there ? classes : null }, function () { return here(about, text); })
        .then(function (made) {
          if (classes && !(there && self.worker)) { self.painter = new restoration.Painter(made.shapes, made.grid, classes); }
          return made;
        });
    },

    look: function (looks) {
      if (this.painter) { this.painter.looks = looks; } else { this.ask({ task: 'looks', looks: looks }); }
    },

    /* Paints a tile on a canvas; gives { done: a promise, drop: forgets it }. A canvas keeps its old picture until the new one is whole. */
    paint: function (tile, canvas) {
      return this.painter ? this.paintHere(tile, canvas) : this.paintThere(tile, canvas);
    },

    paintThere: function (tile, canvas) {
      var self = this, told = { task: 'paint', tile: tile }, dropped = false;
      var done = this.ask(told).then(function (bitmap) {
        if (dropped) { bitmap.close(); return; }
        canvas.width = bitmap.width;
        canvas.height = bitmap.height;
        canvas.getContext('bitmaprenderer').transferFromImageBitmap(bitmap);
      });
      return {
        done: done,
        drop: function () {
          dropped = true;
          if (!self.worker || !self.asked[told.id]) { return; }
          self.worker.postMessage({ task: 'drop', id: told.id });
          self.answered({ id: told.id, answer: { close: function () {} } });
        }
      };
    },

    paintHere: function (tile, canvas) {
      var self = this, dropped = false, side = tile.size * tile.scale;
      this.turn = this.turn.then(function () {
        if (dropped) { return null; }
        var sheet = restoration.canvas(side, side);
        return restoration.inSlices(self.painter.paint(tile, sheet)).then(function () {
          if (dropped) { return; }
          canvas.width = canvas.height = side;
          canvas.getContext('2d').drawImage(sheet, 0, 0);
        });
      });
      return { done: this.turn, drop: function () { dropped = true; } };
    }
  };

  function here(about, text) {
    var run = restoration.inSlices, columns, shapes;
    return restoration.unpack(about, text, run)
      .then(function (made) { columns = made; return run(restoration.shapesOf(columns)); })
      .then(function (made) { shapes = made; return run(restoration.gridOf(shapes.boxes)); })
      .then(function (grid) { return { shapes: shapes, grid: grid, columns: columns }; });
  }

  restoration.Crew = Crew;
})();
