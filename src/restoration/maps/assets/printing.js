/* The window that makes a sheet: what it shall say, on which paper, at which scale; a preview; print, or a picture. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, WAIT_MS = 250;

  /* A function that opens the window; null if the page has nothing to print. */
  restoration.printing = function (store) {
    var print = store.page.print, dialog = null;
    if (!print) { return null; }
    function open() {
      dialog = dialog || new Dialog(store, print);
      dialog.open();
    }
    document.addEventListener('keydown', function (event) {
      if (!asksToPrint(event)) { return; }
      event.preventDefault();
      open();
    });
    /* Who prints by the browser's own menu gets a page that says how, rather than half a map; and then the window. */
    document.body.classList.add('has-print');
    document.body.appendChild(el('p', { 'class': 'print-hint', 'aria-hidden': 'true' }, store.page.sheet_words.print_hint));
    window.addEventListener('afterprint', function () { if (!dialog || !dialog.node.open) { open(); } });
    return open;
  };

  function asksToPrint(event) { return (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'p'; }

  function Dialog(store, print) {
    var self = this, words = this.words = Object.assign({}, store.page.words, store.page.sheet_words, print.words);
    this.store = store;
    this.print = print;
    this.round = 0;
    this.made = null;
    this.page = el('style', {});
    document.head.appendChild(this.page);
    this.paper = el('div', { 'class': 'paper', role: 'img', 'aria-label': words.preview });
    this.told = el('p', { 'class': 'sheet-told', role: 'status' });
    this.node = el('dialog', { 'class': 'print-window', 'aria-label': words.print }, el('div', { 'class': 'desk' }, this.paper), this.form());
    document.body.appendChild(this.node);
    this.node.addEventListener('close', function () { document.body.classList.remove('has-sheet'); self.round += 1; });
    this.node.addEventListener('keydown', function (event) {
      event.stopPropagation(); // Escape closes this window alone
      if (asksToPrint(event) && !self.isDrawn) { event.preventDefault(); }
    });
    window.addEventListener('resize', function () { if (self.made) { self.fit(self.made.paper); } });
  }

  Dialog.prototype = {
    open: function () {
      document.body.classList.add('has-sheet');
      this.node.showModal();
      this.draw();
    },

    form: function () {
      var self = this, words = this.words, print = this.print, page = this.store.page, form = el('form', { method: 'dialog', 'class': 'sheet-form' });
      this.fields = {};
      function field(name, input) {
        self.fields[name] = input;
        form.appendChild(el('label', {}, el('span', {}, words[name]), input));
      }
      form.appendChild(el('h2', {}, words.print));
      field('title', text(page.title));
      field('office', text(print.office));
      field('review_no', text(print.review_no));
      form.appendChild(this.note = el('p', { 'class': 'quiet' }, say(words.no_review, { mark: restoration.markOf(page, { review_no: '' }) })));
      field('paper', select(Object.keys(print.papers).map(function (name) { return [name, say(words.across, { name: name })]; })));
      field('extent', select([['all', words.extent_all], ['shown', words.extent_shown], ['view', words.extent_view]]));
      field('scale', select([[0, words.fitting]].concat(print.scales.map(function (scale) { return [scale, restoration.scaleTold(scale)]; }))));
      form.appendChild(this.told);
      this.go = button(words.do_print, 'primary', function () { window.print(); });
      this.keep = button(words.do_save, 'plain', function () { self.save(); });
      form.appendChild(el('div', { 'class': 'sheet-buttons' }, this.go, this.keep, button(words.close, 'plain', function () { self.node.close(); })));
      form.appendChild(el('p', { 'class': 'quiet' }, words.true_size));
      form.addEventListener('submit', function (event) { event.preventDefault(); });
      form.addEventListener('input', function () { self.later(); });
      return form;
    },

    choice: function () {
      var fields = this.fields, made = {};
      Object.keys(fields).forEach(function (name) { made[name] = fields[name].value.trim(); });
      made.scale = Number(made.scale);
      made.title = made.title || this.store.page.title;
      return made;
    },

    later: function () {
      var self = this;
      clearTimeout(this.timer);
      this.ready(false);
      this.timer = setTimeout(function () { self.draw(); }, WAIT_MS);
    },

    ready: function (is) {
      this.go.disabled = this.keep.disabled = !is;
      if (!is) { this.told.textContent = this.words.drawing; }
      this.isDrawn = is;
    },

    draw: function () {
      var self = this, choice = this.choice(), round = ++this.round, words = this.words;
      this.ready(false);
      this.note.hidden = Boolean(choice.review_no);
      return restoration.sheet(restoration.opened, choice).then(function (made) {
        if (round !== self.round) { return; }
        self.made = made;
        self.show(made, choice);
        self.ready(true);
        self.told.textContent = say(words.drawn, { paper: choice.paper, scale: restoration.scaleTold(made.view.scale), n: made.ground.seen.toLocaleString('en-US') });
      }).catch(function (error) {
        if (round === self.round) { self.told.textContent = words.not_saved; }
        throw error;
      });
    },

    show: function (made, choice) {
      var paper = made.paper, place = made.view.place, canvas = made.ground.canvas;
      function share(part, whole) { return 100 * part / whole + '%'; }
      Object.assign(canvas.style, { left: share(place.x, paper.width_mm), top: share(place.y, paper.height_mm), width: share(place.width, paper.width_mm), height: share(place.height, paper.height_mm) });
      this.paper.textContent = '';
      this.paper.appendChild(canvas);
      this.paper.appendChild(made.svg);
      this.paper.setAttribute('aria-label', this.words.preview + '：' + choice.title);
      this.page.textContent = '@page { size: ' + paper.width_mm + 'mm ' + paper.height_mm + 'mm; margin: 0; } @media print { .restoration .paper { width: ' + paper.width_mm + 'mm !important; height: ' + paper.height_mm + 'mm !important; } }';
      this.fit(paper);
    },

    /* As large as the desk, in the proportions of the paper. */
    fit: function (paper) {
      var desk = this.paper.parentNode, across = Math.min(desk.clientWidth - 48, (desk.clientHeight - 48) * paper.width_mm / paper.height_mm);
      this.paper.style.width = across + 'px';
      this.paper.style.height = across * paper.height_mm / paper.width_mm + 'px';
    },

    save: function () {
      var self = this, choice = this.choice(), words = this.words, name = restoration.fileName(choice.title, this.day());
      var without = this.made.ground.tainted, clean = without ? restoration.sheet(restoration.opened, Object.assign({ clean: true }, choice)) : Promise.resolve(this.made);
      this.keep.disabled = true;
      clean.then(function (made) { return restoration.pngOf(made, self.print.dpi); }).then(function (blob) {
        var link = el('a', { href: URL.createObjectURL(blob), download: name });
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
        self.told.textContent = say(words.saved, { file: name }) + (without ? ' ' + restoration.opened.backdrop.words.left_out : '');
      }, function () { self.told.textContent = words.not_saved; }).then(function () { self.keep.disabled = false; });
    },

    /* The day that the sheet shows, as its line says, else the day when it was made. */
    day: function () {
      var told = /\d{4}-\d\d-\d\d/.exec((document.querySelector('.as-of') || {}).textContent || '');
      return told ? told[0] : this.print.made_on;
    }
  };

  function text(value) { return el('input', { type: 'text', value: value, autocomplete: 'off', spellcheck: 'false', maxlength: 120 }); }

  function select(options) {
    var node = el('select', {});
    options.forEach(function (option) { node.appendChild(el('option', { value: option[0] }, option[1])); });
    return node;
  }

  function button(name, look, click) {
    var node = el('button', { type: 'button', 'class': look }, name);
    node.addEventListener('click', click);
    return node;
  }
})();
