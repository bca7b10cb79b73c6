/* A name found by the first letters of its pinyin. */
(function () {
  'use strict';

  /* Where letters stand in a text, each for itself or for a character that it begins (`initials`: by character its letters); -1 for nowhere. */
  restoration.placeByInitials = function (text, wanted, initials) {
    for (var start = 0; start + wanted.length <= text.length; start++) {
      var k = 0;
      while (k < wanted.length && (text[start + k] === wanted[k] || (initials[text[start + k]] || '').indexOf(wanted[k]) >= 0)) { k++; }
      if (k === wanted.length) { return start; }
    }
    return -1;
  };
})();
