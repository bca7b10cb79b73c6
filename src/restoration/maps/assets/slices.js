/* Long work as generators: in one go in a worker, in short slices in a page. Begins what a worker runs: ES2017, no document, no Leaflet. */
var restoration = self.restoration || {};
self.restoration = restoration;

(function () {
  'use strict';

  var SLICE_MS = 10; // longest piece of work between two looks at the user's input

  restoration.inOneGo = function (work) {
    var step = work.next();
    while (!step.done) { step = work.next(); }
    return Promise.resolve(step.value);
  };

  restoration.inSlices = function (work) {
    return new Promise(function (resolve, reject) {
      (function slice() {
        var until = performance.now() + SLICE_MS, step;
        try {
          do { step = work.next(); } while (!step.done && performance.now() < until);
        } catch (error) { reject(error); return; }
        if (step.done) { resolve(step.value); } else { setTimeout(slice, 0); }
      })();
    });
  };
})();
