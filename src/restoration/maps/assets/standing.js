/* How the sites stand on a day, what those add up to that are shown, and what became of them between two days. */
(function () {
  'use strict';

  var STEPS = 10000; // of a square metre: what `area_rest` counts
  var SUMMED = ['layer', 'measure', 'group'];

  Object.assign(restoration.Store.prototype, {
    /* What is shown, by 'whole ', 'layer CODE', 'measure CODE' and 'group CODE': sites, mines, task and land area (as text, mu) of those that
       count. There is no land area if the page does not know what the sites share. */
    sums: function () {
      var found = {}, self = this, columns = this.columns, metres = columns.area_m2;
      function add(key, row) {
        var sum = found[key] = found[key] || { sites: 0, steps: 0, twice: 0, named: {}, mines: 0 }, mine = columns.mine_id ? self.text('mine_id', row) : '';
        sum.sites += 1;
        sum.steps += metres && metres[row] ? self.steps(row) : 0;
        if (mine && !sum.named['mine ' + mine] && self.text('layer', row) === 'mine_sites') { sum.named['mine ' + mine] = true; sum.mines += 1; }
      }
      this.leftOut = 0;
      for (var row = 0; row < this.number; row++) {
        if (!counts(this, row)) { this.leftOut += 1 - this.hidden[row]; continue; }
        add('whole ', row);
        for (var k = 0; k < SUMMED.length; k++) { add(SUMMED[k] + ' ' + this.text(SUMMED[k], row), row); }
      }
      if (this.cells) { this.countTwice(found); }
      Object.keys(found).forEach(function (key) {
        found[key].task = inMu(found[key].steps);
        if (self.cells) { found[key].land = inMu(found[key].steps - found[key].twice); }
      });
      this.between = this.cells && found['whole '] ? this.sharedByLayers(found) : '';
      return found;
    },

    /* Adds to each sum what of its ground is counted more than once: of a cell its area for every site beyond the first. */
    countTwice: function (found) {
      var cells = this.cells, owner = this.shapes.owner, at = 0, self = this;
      for (var cell = 0; cell < cells.lying.length; cell++) {
        var lying = {};
        for (var end = at + cells.lying[cell]; at < end; at++) {
          var shape = cells.shape[at], row = owner[shape];
          if (this.shapeOf[row] === shape && counts(this, row)) { lie(row); }
        }
        Object.keys(lying).forEach(function (key) { found[key].twice += (lying[key] - 1) * cells.steps[cell]; });
      }
      function lie(row) {
        lying['whole '] = (lying['whole '] || 0) + 1;
        for (var k = 0; k < SUMMED.length; k++) {
          var key = SUMMED[k] + ' ' + self.text(SUMMED[k], row);
          lying[key] = (lying[key] || 0) + 1;
        }
      }
    },

    /* By how much the land areas of the layers exceed that of all, as text (mu); '' for nothing. */
    sharedByLayers: function (found) {
      var over = -(found['whole '].steps - found['whole '].twice);
      Object.keys(found).forEach(function (key) { if (/^layer /.test(key)) { over += found[key].steps - found[key].twice; } });
      return inMu(Math.max(0, over)) === '0.00' ? '' : inMu(over);
    },

    /* The area of record of a site's boundary of the day, in ten thousandths of a square metre. */
    steps: function (row) { return (this.columns.area_m2[row] - 1) * STEPS + this.columns.area_rest[row]; },

    /* Shows a day of the past (days since 1970-01-01) by a clock, 'field' or 'office'; with null what is recorded now. */
    showDay: function (day, clock, past) {
      var stood = this.standing(day, clock, past);
      this.day = day;
      this.clock = clock;
      Object.assign(this.columns, stood.columns);
      this.shapeOf = stood.shapeOf;
      this.absent = stood.absent;
      this.changed();
    },

    /* How the sites stand on a day: { columns, shapeOf, absent, attributes, state }, the columns only those that have a past. */
    standing: function (day, clock, past) {
      var now = this.now = this.now || nowOf(this, past), number = this.number, days = past[clock], columns = {};
      var absent = new Uint8Array(number).fill(1);
      for (var at = 0; at < past.row.length; at++) { if (day === null || days[at] <= day) { absent[past.row[at]] = 0; } }
      if (day === null) { absent.fill(0); }
      Object.keys(now.columns).forEach(function (name) { columns[name] = on(name, now.columns[name]); });
      return { columns: columns, absent: absent, shapeOf: shapes(), attributes: on('attributes', new Int32Array(number)), state: on('state', new Int32Array(number)) };

      /* A column on the day: at each step that changed it and was not later, its number there; elsewhere as it always was. */
      function on(name, always) {
        var steps = past[name + '@'], made = new Float64Array(always); // numbers of the past may be wider
        for (var i = 0; steps && i < steps.length; i++) { if (day === null || days[steps[i]] <= day) { made[past.row[steps[i]]] = past[name][i]; } }
        return day === null && now.columns[name] ? always : made;
      }

      function shapes() {
        if (day === null) { return now.shapeOf; }
        var made = on('shape', now.shapeOf.map(function (shape) { return shape + 1; }));
        for (var row = 0; row < number; row++) { made[row] = absent[row] ? -1 : made[row] - 1; }
        return made;
      }
    },

    /* What became of the sites that are shown between an earlier day and a later one: by kind their rows and the change of area (steps). */
    changesBetween: function (before, after) {
      var kinds = {}, self = this, counts = this.page.kinds.counts_as, groups = this.values('group').map(function (group) { return counts[group]; });
      this.page.kinds.looks.slice(1, -1).forEach(function (look) { kinds[look.code] = { rows: [], steps: 0 }; });
      for (var row = 0; row < this.number; row++) { if (!this.hidden[row] && !after.absent[row]) { tell(row); } }
      return kinds;

      function add(kind, steps) {
        kinds[kind].rows.push(row);
        kinds[kind].steps += steps;
      }
      function steps(stood) { return ground(self, stood, row); }
      function stands(stood, word) { return !stood.absent[row] && Boolean(column(self, stood, 'counted')[row]) && groups[column(self, stood, 'group')[row]] === word; }
      function counted(stood) { return Boolean(column(self, stood, 'counted')[row]); }
      function tell() {
        var isNew = before.absent[row], isAccepted = stands(after, 'accepted'), wasAccepted = stands(before, 'accepted');
        var isStruck = !counted(after) && (isNew || counted(before)), hasFallen = wasAccepted && !isAccepted;
        if (isNew) { add('new', steps(after)); }
        if (isAccepted && !wasAccepted) { add('accepted', steps(after)); }
        else if (stands(after, 'in_progress') && !stands(before, 'in_progress') && !wasAccepted) { add('begun', steps(after)); }
        else if (!isNew && before.state[row] !== after.state[row] && !isStruck && !hasFallen) { add('moved', steps(after)); }
        if (hasFallen) { add('fallen', steps(before)); }
        if (isStruck) { add('struck', steps(isNew ? after : before)); }
        if (!isNew && before.shapeOf[row] !== after.shapeOf[row]) { add('redrawn', steps(after) - steps(before)); }
        if (!isNew && before.attributes[row] !== after.attributes[row]) { add('revised', steps(after)); }
      }
    }
  });

  function counts(store, row) { return !store.hidden[row] && store.flag('counted', row); }

  function column(store, stood, name) { return stood.columns[name] || store.columns[name]; }

  function ground(store, stood, row) {
    var metres = column(store, stood, 'area_m2')[row];
    return metres ? (metres - 1) * STEPS + column(store, stood, 'area_rest')[row] : 0;
  }

  /* The columns that have a past, as they are now. */
  function nowOf(store, past) {
    var made = { shapeOf: store.shapeOf, columns: {} };
    Object.keys(store.columns).forEach(function (name) { if (past[name + '@']) { made.columns[name] = store.columns[name]; } });
    return made;
  }

  /* The pack of the past: what was written as the way from one number to the next. */
  restoration.pastOf = function (past) {
    Object.keys(past).forEach(function (name) { if (name === 'row' || /@$/.test(name)) { past[name] = summed(past[name]); } });
    return past;
  };

  /* The pack of what sites share: of each cell how many shapes lie on it, which, and its area in ten thousandths of a square metre. */
  restoration.cellsOf = function (pack) {
    var first = summed(pack.first), shape = [], at = 0;
    for (var cell = 0; cell < first.length; cell++) {
      shape.push(first[cell]);
      for (var other = 1; other < pack.lying[cell]; other++) { shape.push(first[cell] + pack.others[at++]); }
    }
    return { lying: pack.lying, shape: shape, steps: Array.from(pack.m2).map(function (metres, cell) { return metres * STEPS + pack.rest[cell]; }) };
  };

  function summed(ways) {
    var made = new Int32Array(ways.length), sum = 0;
    for (var i = 0; i < ways.length; i++) { made[i] = sum += ways[i]; }
    return made;
  }

  /* Ten thousandths of a square metre as they are shown in mu, rounded half up. */
  var inMu = restoration.inMu = function (steps) { return restoration.decimal(Math.floor((3 * steps + 10 * STEPS) / (20 * STEPS)), 2); };
})();
