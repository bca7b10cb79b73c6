/* The page's address says which site is open (#site=...), and opens it. */
(function () {
  'use strict';

  var el = restoration.el, say = restoration.say, TOLD_MS = 6000;

  restoration.link = function (map, store, facts, place) {
    var own = null, one = facts.one, close = facts.close;

    facts.one = function (row, others) {
      one.call(facts, row, others);
      write('#site=' + encodeURIComponent(store.text('site_id', row)));
    };
    facts.close = function () {
      var open = !facts.node.hidden;
      close.call(facts);
      if (open && wanted() !== null) { write('#'); }
    };
    window.addEventListener('hashchange', function () { if (location.hash !== own) { go(); } });
    Promise.all([store.drawn, store.told]).then(go);

    function write(hash) {
      own = hash === '#' ? '' : hash;
      try { history.replaceState(null, '', hash); } catch (error) { own = null; } // a page in a frame that has no address
    }

    function go() {
      var site = wanted(), row = site === null ? -1 : store.rowOf(site);
      if (site === null) { return; }
      if (row < 0) { tell(say(store.page.words.no_such_site, { site: site })); return; }
      var bounds = store.bounds([row]);
      facts.one(row, null);
      var covered = window.matchMedia('(max-width: 720px)').matches ? 0 : facts.node.offsetWidth;
      if (bounds) { map.fitBounds(bounds, { maxZoom: 17, paddingTopLeft: [80, 80], paddingBottomRight: [80 + covered, 80], animate: false }); }
      facts.uncover(row);
    }

    function tell(text) {
      var node = el('p', { 'class': 'empty', role: 'status' }, text);
      place.appendChild(node);
      setTimeout(function () { node.remove(); }, TOLD_MS);
    }
  };

  function wanted() {
    var found = /^#site=(.+)$/.exec(location.hash);
    try { return found ? decodeURIComponent(found[1]) : null; } catch (error) { return null; }
  }
})();
