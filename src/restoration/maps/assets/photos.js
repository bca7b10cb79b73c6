/* Photos of a site: a strip in its card, and one at a time over the whole page. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say;

  /* Puts the photos of a site into its card, as soon as they are read. */
  restoration.photos = function (store, row, card) {
    var words = store.page.words, strip = el('div', { 'class': 'photos', hidden: '' });
    card.appendChild(strip);
    store.pictures.then(function (columns) {
      var found = columns ? picturesOf(columns, row) : [];
      if (!found.length) { return; }
      strip.appendChild(el('h3', {}, words.photos, el('small', {}, found.length)));
      var list = strip.appendChild(el('div', { 'class': 'strip' }));
      found.forEach(function (picture, at) {
        var button = el('button', { type: 'button', title: picture.name, 'aria-label': say(words.photo_open, { name: picture.name }) }, el('img', { src: picture.address, alt: '' }));
        button.addEventListener('click', function () { enlarged(words, found, at, button); });
        list.appendChild(button);
      });
      strip.hidden = false;
    });
  };

  /* Name and address of each photo; an address is made once. */
  function picturesOf(columns, row) {
    columns.made = columns.made || {};
    if (columns.made[row]) { return columns.made[row]; }
    var from = 0, at = 0, found = [], names = restoration.textOf(columns['name=']);
    for (var before = 0; before < row; before++) { from += columns.of_site[before]; }
    for (var i = 0; i < from; i++) { at += columns.size[i]; }
    for (i = from; i < from + columns.of_site[row]; i++) {
      found.push({ name: names[i], address: URL.createObjectURL(new Blob([columns.pictures.subarray(at, at += columns.size[i])], { type: 'image/jpeg' })) });
    }
    return columns.made[row] = found;
  }

  function enlarged(words, found, at, opener) {
    var image = el('img', { alt: '' }), told = el('p', { role: 'status' });
    var close = button('×', words.close, end), back = button('‹', words.photo_before, function () { turn(-1); }), on = button('›', words.photo_after, function () { turn(1); });
    var node = el('div', { 'class': 'photo', role: 'dialog', 'aria-modal': 'true', 'aria-label': words.photos }, image, told, back, on, close);
    back.hidden = on.hidden = found.length < 2;
    node.addEventListener('click', function (event) { if (event.target === node) { end(); } });
    node.addEventListener('keydown', function (event) {
      if (event.key === 'Escape') { end(); } else if (event.key === 'ArrowLeft') { turn(-1); } else if (event.key === 'ArrowRight') { turn(1); }
      else if (event.key === 'Tab') { step(event.shiftKey ? -1 : 1); event.preventDefault(); }
      event.stopPropagation();
    });
    document.body.appendChild(node);
    turn(0);
    close.focus();

    function turn(by) {
      at = (at + by + found.length) % found.length;
      image.src = found[at].address;
      image.alt = found[at].name;
      told.textContent = found[at].name + (found.length > 1 ? '  ' + (at + 1) + ' / ' + found.length : '');
    }

    /* What has the focus stays within. */
    function step(by) {
      var buttons = [back, on, close].filter(function (one) { return !one.hidden; }), place = buttons.indexOf(document.activeElement);
      buttons[(place + by + buttons.length) % buttons.length].focus();
    }

    function end() {
      node.remove();
      opener.focus();
    }
  }

  function button(sign, name, deed) {
    var made = el('button', { type: 'button', 'aria-label': name, title: name }, sign);
    made.addEventListener('click', deed);
    return made;
  }
})();
