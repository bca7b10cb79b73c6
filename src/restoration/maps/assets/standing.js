/* How the sites stand on a day, and what those add up to that are shown. */
(function () {
  'use strict';

  var STEPS = 10000; // of a square metre: what `area_rest` counts

  Object.assign(restoration.Store.prototype, {
    /* What is shown, by 'whole ', 'layer CODE', 'measure CODE' and 'group CODE': sites, mines and task area (as text, mu) of those that count. */
    sums: function () {
      var found = {}, self = this, kinds = ['layer', 'measure', 'group'], metres = this.columns.area_m2;
      function add(key, row) {
        var sum = found[key] = found[key] || { sites: 0, steps: 0, named: {}, mines: 0 }, mine = self.text('mine_id', row);
        sum.sites += 1;
        sum.steps += metres && metres[row] ? self.steps(row) : 0;
        if (mine && !sum.named['mine ' + mine]) { sum.named['mine ' + mine] = true; sum.mines += 1; }
      }
      for (var row = 0; row < this.number; row++) {
        if (this.hidden[row] || !this.flag('counted', row)) { continue; }
        add('whole ', row);
        for (var k = 0; k < 3; k++) { add(kinds[k] + ' ' + this.text(kinds[k], row), row); }
      }
      Object.keys(found).forEach(function (key) { found[key].task = restoration.decimal(Math.floor((3 * found[key].steps + 10 * STEPS) / (20 * STEPS)), 2); });
      return found;
    },

    /* The area of record of a site's boundary of the day, in ten thousandths of a square metre. */
    steps: function (row) {
      var shape = this.shapeOf[row], older = this.older;
      if (older && shape < older.older_m2.length) { return shape < 0 ? 0 : (older.older_m2[shape] - 1) * STEPS + older.older_rest[shape]; }
      return (this.columns.area_m2[row] - 1) * STEPS + this.columns.area_rest[row];
    },

    /* Shows a day of the past (days since 1970-01-01) by a clock, 'field' or 'office'; with null what is recorded now. */
    showDay: function (day, clock, past) {
      var columns = this.columns, number = this.number, at, row;
      this.now = this.now || { group: columns.group, counted: columns.counted, shapeOf: this.shapeOf };
      this.older = past;
      this.day = day;
      this.absent = null;
      Object.assign(columns, { group: this.now.group, counted: this.now.counted });
      this.shapeOf = this.now.shapeOf;
      if (day !== null) {
        columns.group = new Uint32Array(number);
        columns.counted = new Uint8Array(number);
        this.shapeOf = new Int32Array(number).fill(-1);
        this.absent = new Uint8Array(number).fill(1);
        for (at = 0; at < past.row.length; at++) {
          if (past[clock][at] > day) { continue; }
          row = past.row[at];
          columns.group[row] = past.group[at];
          columns.counted[row] = past.counted[at];
          this.shapeOf[row] = past.shape[at] - 1;
          this.absent[row] = 0;
        }
      }
      this.changed();
    }
  });
})();
