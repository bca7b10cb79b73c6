/* One sheet of paper with the map as it is filtered now: what it says, where it stands, and its picture. */
(function () {
  'use strict';

  var EDGE = 9, PANEL = 75, GUTTER = 6, HEAD = 17, FOOT = 6, MEASURES = 15, BAND = 4.6; // mm on A4, those of `figure`
  var INK = restoration.INK, say = restoration.say;

  /* A promise of { paper, svg, ground, view }: `choice` is { title, office, review_no, paper, scale (0 for one that fits), extent, clean (without pictures
     that the browser keeps out of a file) }. */
  restoration.sheet = function (opened, choice) {
    var store = opened.store, print = store.page.print, paper = print.papers[choice.paper], place = mapPlace(paper), looks = store.looks();
    return Promise.all([restoration.onPlane(store, print.zone), store.outline]).then(function (made) {
      var extent = (choice.extent !== 'view' && restoration.extentOnPlane(made[0], looks, choice.extent === 'all' ? made[1] : null, print.zone)) || restoration.extentOfBounds(opened.map.getBounds(), print.zone);
      var view = restoration.windowOf(extent, place, print, choice.scale), lines = restoration.graticuleOf(view);
      var backdrop = opened.backdrop ? restoration.backdropOnPlane(opened.backdrop, view, choice.clean) : Promise.resolve(null);
      return backdrop.then(function (under) {
        return restoration.groundOf(store, view, { print: print, plane: made[0], looks: looks, rings: made[1], lines: lines, backdrop: under && under.paint })
          .then(function (ground) { return Object.assign(ground, { tainted: Boolean(under && under.tainted) }); });
      }).then(function (ground) {
        ground.beyond = looks.filter(function (look) { return look !== restoration.HIDDEN; }).length - ground.seen;
        var about = Object.assign(told(opened, print), { rings: made[1], ground: ground, choice: choice });
        return { paper: paper, view: view, ground: ground, svg: drawn(paper, view, lines, about) };
      });
    });
  };

  function mapPlace(paper) {
    var u = paper.letters, place = { x: EDGE * u, y: (EDGE + HEAD) * u, width: paper.width_mm - (2 * EDGE + PANEL + GUTTER) * u, height: paper.height_mm - (2 * EDGE + HEAD + FOOT) * u };
    return { x: place.x + BAND * u, y: place.y + BAND * u, width: place.width - 2 * BAND * u, height: place.height - 2 * BAND * u };
  }

  /* What the panel tells, for the sheet to say the same. */
  function told(opened, print) {
    var store = opened.store, page = store.page, sums = {};
    opened.panel.sums.forEach(function (part) { sums[part.kind + ' ' + part.code + ' ' + part.what] = part.node.textContent; });
    return {
      page: page, print: print, legend: page.legend, words: Object.assign({}, page.words, page.sheet_words, print.words),
      filter: opened.panel.reset.hidden ? '' : filterTold(store, page.sheet_words), simplified: page.error_m ? say(page.words.simplified, { d: page.error_m }) : '',
      credits: opened.backdrop ? Array.from(opened.backdrop.credits.node.querySelectorAll('p')).map(function (line) { return line.textContent; }).filter(function (line) { return line !== say(page.sheet_words.review_line, { no: print.review_no }); }) : [],
      as_of: (document.querySelector('.as-of') || {}).textContent || page.as_of,
      told: function (kind, code, what) { return sums[kind + ' ' + code + ' ' + what] || ''; },
      shown: function (kind, code) { return !store.off[kind][code] && sums[kind + ' ' + code + ' sites'] !== '0' || restless(store, kind, code); }
    };
  }

  /* A group that is drawn and counts no site: of those that were struck off. */
  function restless(store, kind, code) {
    var codes = store.columns[kind], at = store.values(kind).indexOf(code);
    for (var row = 0; codes && row < store.number; row++) { if (codes[row] === at && !store.hidden[row]) { return true; } }
    return false;
  }

  /* The filters that unfold beside the legend, as they name themselves. */
  function filterTold(store, words) {
    var named = Array.from(document.querySelectorAll('.filters summary')).filter(function (line) { return line.lastChild.textContent; })
      .map(function (line) { return line.firstChild.textContent + ' ' + line.lastChild.textContent; });
    return [say(words.filtered_by, { k: store.shown.toLocaleString('en-US'), n: store.number.toLocaleString('en-US') })].concat(named).join('；');
  }

  function drawn(paper, view, lines, about) {
    var marks = new restoration.Marks(paper.width_mm, paper.height_mm, paper.letters), u = paper.letters, words = about.words;
    restoration.drawFrame(marks, view, lines);
    towns(marks, view, about);
    heads(marks, paper, view, about);
    var right = paper.width_mm - EDGE * u, left = right - PANEL * u, top = (EDGE + HEAD) * u, foot = paper.height_mm - (EDGE + FOOT) * u, arrow = 12 * u;
    restoration.drawNorth(marks, { x: left, y: foot - MEASURES * u, width: arrow, height: MEASURES * u }, words);
    restoration.drawScale(marks, { x: left + arrow, y: foot - MEASURES * u, width: PANEL * u - arrow, height: MEASURES * u }, view, words);
    restoration.drawLegend(marks, { x: left, y: top, width: PANEL * u, height: foot - top - (MEASURES + 3) * u }, about);
    return marks.node;
  }

  /* Title and day above, plane and maker below, and what a sheet must be marked as. */
  function heads(marks, paper, view, about) {
    var u = paper.letters, left = EDGE * u, right = paper.width_mm - EDGE * u, top = EDGE * u, foot = paper.height_mm - (EDGE + 0.6) * u, choice = about.choice, words = about.words;
    var mark = restoration.markOf(about.page, choice), room = right - left - (mark ? PANEL * u : 0), mapRight = right - (PANEL + GUTTER) * u;
    marks.write(left, top + 6.6 * u, choice.title, 18, { bold: true, room: room });
    marks.write(left, top + 13 * u, about.as_of, 8.2, { colour: INK.soft, room: room });
    if (mark) { marks.write(right, top + 6 * u, mark, 8.2, { side: 'end', bold: true, colour: INK.stamp, room: PANEL * u }); }
    marks.write(left, foot, about.print.plane, 6.6, { colour: INK.soft, room: 0.62 * (mapRight - left) });
    marks.write(mapRight, foot, (choice.office ? say(words.made_by, { office: choice.office }) + ' · ' : '') + about.print.made, 6.6, { side: 'end', colour: INK.soft, room: 0.36 * (mapRight - left), least: 0.5 });
    if (choice.review_no) { marks.write(right, foot, say(words.review_line, { no: choice.review_no }), 6.6, { side: 'end', room: PANEL * u }); }
    if (about.page.sample) { banner(marks, view.place, words.sample); }
  }

  restoration.markOf = function (page, choice) {
    return choice.review_no ? '' : page['public'] ? page.words.review : page.words.internal;
  };

  function banner(marks, place, text) {
    var u = marks.unit, wide = marks.wide(text, 8, true) + 9 * u, x = place.x + (place.width - wide) / 2;
    marks.box(x, place.y + 3 * u, wide, 6 * u, { fill: INK.banner, rx: 3 * u });
    marks.write(place.x + place.width / 2, place.y + 7 * u, text, 8, { side: 'middle', bold: true, colour: '#fff' });
  }

  /* Names of towns, the largest first, none on top of another or over the frame. */
  function towns(marks, view, about) {
    var place = view.place, taken = [], u = marks.unit;
    about.page.towns.forEach(function (town) {
      var at = view.of(town[1], town[2]), half = marks.wide(town[0], 8, true) / 2 + u;
      var inside = at[0] - half > place.x && at[0] + half < place.x + place.width && at[1] > place.y + 12 * u && at[1] < place.y + place.height - 3 * u;
      if (!inside || taken.some(function (other) { return Math.abs(other.x - at[0]) < half + other.half && Math.abs(other.y - at[1]) < 4.4 * u; })) { return; }
      taken.push({ x: at[0], y: at[1], half: half });
      marks.write(at[0], at[1] + 1.2 * u, town[0], 8, { side: 'middle', bold: true, halo: true });
    });
  }
})();
