/* What a sheet of paper is made of beside the map's picture: lines, boxes and texts in millimetres, as SVG. */
(function () {
  'use strict';

  var SVG = 'http://www.w3.org/2000/svg', MM_PER_PT = 25.4 / 72, TRIAL_PX = 100;
  var FAMILY = '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", SimHei, system-ui, sans-serif';
  var ruler = null;

  restoration.INK = { ink: '#1f241f', soft: '#5f655c', rule: '#dcd9cd', stamp: '#8a2d1c', banner: '#7a4b00', ground: '#f1efe8' };

  var svg = restoration.svg = function (tag, attributes) {
    var node = document.createElementNS(SVG, tag);
    Object.keys(attributes).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    for (var i = 2; i < arguments.length; i++) { node.appendChild(typeof arguments[i] === 'object' ? arguments[i] : document.createTextNode(arguments[i])); }
    return node;
  };

  /* Marks on paper of a width and height (mm); letters are `unit` times as large as on A4. */
  function Marks(width, height, unit) {
    this.unit = unit;
    this.node = svg('svg', { xmlns: SVG, viewBox: '0 0 ' + width + ' ' + height, 'font-family': FAMILY, fill: restoration.INK.ink });
  }

  Marks.prototype = {
    put: function (tag, attributes) {
      var node = svg.apply(null, arguments);
      this.node.appendChild(node);
      return node;
    },

    line: function (x0, y0, x1, y1, colour, width) {
      return this.put('path', { d: 'M' + [x0, y0].map(short) + 'L' + [x1, y1].map(short), fill: 'none', stroke: colour || restoration.INK.rule, 'stroke-width': width || 0.14 });
    },

    box: function (x, y, width, height, attributes) {
      return this.put('rect', Object.assign({ x: short(x), y: short(y), width: short(width), height: short(height), fill: 'none' }, attributes));
    },

    wide: function (text, size, bold) { return widthOf(text, bold) * size * this.unit * MM_PER_PT; },

    /* A text on its base line; told smaller down to `least` times its size, then cut, to have room. */
    write: function (x, y, text, size, look) {
      var told = look || {}, least = told.least || 0.7, wide = this.wide(text, size, told.bold), room = told.room || Infinity, share = Math.max(least, Math.min(1, room / wide));
      while (text.length > 1 && this.wide(text, size * share, told.bold) > room * 1.001) { text = text.replace(/.…?$/u, '') + '…'; }
      var attributes = { x: short(x), y: short(y), 'font-size': short(size * share * this.unit * MM_PER_PT), fill: told.colour || restoration.INK.ink, 'text-anchor': told.side || 'start' };
      if (told.bold) { attributes['font-weight'] = 600; }
      if (told.turned) { attributes.transform = 'rotate(-90 ' + short(x) + ' ' + short(y) + ')'; }
      if (told.halo) { Object.assign(attributes, { stroke: '#fff', 'stroke-width': short(0.7 * this.unit), 'stroke-linejoin': 'round', 'paint-order': 'stroke' }); }
      return this.put('text', attributes, text);
    },

    /* A text as lines that have room: cut between signs of Chinese and between words. */
    wrapped: function (text, size, room) {
      var lines = [''], self = this;
      (text.replace(/ (?=m²)/g, '\u00a0').match(/[\u2e80-\uffff][，。、；：！？）》”]?|[^ \u2e80-\uffff]+ *| +/gu) || []).forEach(function (piece) {
        var grown = lines[lines.length - 1] + piece;
        if (lines[lines.length - 1] && self.wide(grown.trim(), size, false) > room) { lines.push(piece); } else { lines[lines.length - 1] = grown; }
      });
      return lines.map(function (line) { return line.trim(); });
    }
  };

  function widthOf(text, bold) {
    ruler = ruler || restoration.canvas(1, 1).getContext('2d');
    ruler.font = (bold ? '600 ' : '') + TRIAL_PX + 'px ' + FAMILY;
    return ruler.measureText(text).width / TRIAL_PX;
  }

  function short(number) { return Math.round(number * 1000) / 1000; }

  restoration.Marks = Marks;
})();
