/* The swipe: what stands left of a line is clipped there, what stands right of it begins there. The line is a slider for mouse, touch and keys. */
(function () {
  'use strict';

  var el = restoration.el, STEP_PCT = 2, PAGE_PCT = 10, MIDDLE_PCT = 50;

  function Swipe(map, panes, words) {
    this.map = map;
    this.panes = panes; // {left: [names], right: name}
    this.pct = MIDDLE_PCT;
    this.on = false;
    this.node = el('div', { 'class': 'swipe', role: 'slider', tabindex: '0', 'aria-label': words.swipe, title: words.swipe, 'aria-orientation': 'horizontal', 'aria-valuemin': 0, 'aria-valuemax': 100, hidden: '' },
      el('span', { 'class': 'swipe-handle', 'aria-hidden': 'true' }, '◂▸'));
    map.getContainer().appendChild(this.node);
    L.DomEvent.disableClickPropagation(this.node);
    this.listen();
  }

  Swipe.prototype = {
    listen: function () {
      var self = this, node = this.node, keys = { ArrowLeft: -STEP_PCT, ArrowDown: -STEP_PCT, ArrowRight: STEP_PCT, ArrowUp: STEP_PCT, PageDown: -PAGE_PCT, PageUp: PAGE_PCT, Home: -100, End: 100 };
      node.addEventListener('keydown', function (event) {
        if (!keys[event.key]) { return; }
        self.move(self.pct + keys[event.key]);
        event.preventDefault();
        event.stopPropagation(); // the map would pan
      });
      node.addEventListener('pointerdown', function (event) {
        node.setPointerCapture(event.pointerId);
        event.preventDefault();
        node.focus({ preventScroll: true });
      });
      node.addEventListener('pointermove', function (event) {
        if (!node.hasPointerCapture(event.pointerId)) { return; }
        var box = self.map.getContainer().getBoundingClientRect();
        self.move((event.clientX - box.left) / box.width * 100);
      });
      this.map.on('move zoom viewreset resize', this.clip, this);
    },

    turn: function (on) {
      this.on = on;
      this.node.hidden = !on;
      this.clip();
    },

    move: function (pct) {
      this.pct = Math.max(0, Math.min(100, pct));
      this.clip();
    },

    clip: function () {
      var map = this.map, on = this.on, size = map.getSize(), x = Math.round(size.x * this.pct / 100);
      var north = map.containerPointToLayerPoint([0, 0]), south = map.containerPointToLayerPoint([size.x, size.y]), line = north.x + x;
      function rect(from, to) { return on ? 'rect(' + north.y + 'px,' + to + 'px,' + south.y + 'px,' + from + 'px)' : ''; }
      this.panes.left.forEach(function (name) { map.getPane(name).style.clip = rect(north.x, line); });
      map.getPane(this.panes.right).style.clip = rect(line, south.x);
      this.node.style.left = x + 'px';
      this.node.setAttribute('aria-valuenow', Math.round(this.pct));
      this.node.setAttribute('aria-valuetext', Math.round(this.pct) + '%');
    }
  };

  restoration.Swipe = Swipe;
})();
