({
  /* What test_read_when_large.py asks of a page. Each gives a list of what is wrong, in words. */

  /* A box that hides what does not fit, and has more text inside. One that ends in "…" says so itself, and what is for
     screen readers only is cut on purpose. */
  cut: () => {
      const cut = [];
      for (const box of document.querySelectorAll('body *')) {
          const style = getComputedStyle(box);
          const hides = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
          if (!hides || style.textOverflow === 'ellipsis' || style.clipPath !== 'none' || !box.checkVisibility()) continue;
          if (box.matches('svg *, canvas') || box.clientWidth <= 1) continue;
          for (const text of texts(box)) {
              const [frame, inner] = [box.getBoundingClientRect(), text.rect];
              const over = Math.max(inner.right - frame.right, frame.left - inner.left, inner.bottom - frame.bottom);
              if (over > 2) cut.push(`${name(box)} cuts "${text.words}" by ${Math.round(over)}`);
          }
      }
      return cut;
  
      function name(box) { return `${box.tagName.toLowerCase()}.${box.className}`; }
      function texts(box) {
          const found = [];
          const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
              const node = walker.currentNode;
              const parent = node.parentElement;
              if (!node.data.trim() || !parent.checkVisibility() || parent.closest('.visually-hidden, svg, waveform-view, compare-lanes, reaction-curve')) continue;
              if (scrolls(parent, box) || getComputedStyle(parent).clipPath !== 'none' || parent.clientWidth === 1) continue;
              const range = document.createRange();
              range.selectNodeContents(node);
              found.push({ words: node.data.trim().slice(0, 40), rect: range.getBoundingClientRect() });
          }
          return found;
      }
      function scrolls(inner, box) {
          for (let each = inner; each && each !== box; each = each.parentElement) {
              const style = getComputedStyle(each);
              if (/auto|scroll/.test(style.overflowX + style.overflowY) || style.position === 'fixed') return true;
          }
          return false;
      }
  },

  /* What cannot be pressed where it stands, because something else lies there. */
  covered: () => {
      const covered = [];
      const dialog = document.querySelector('dialog[open]');
      for (const one of (dialog ?? document.body).querySelectorAll('a[href], button, input, textarea, select, summary')) {
          if (one.disabled || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
          if (one.closest('.visually-hidden, .skip-link, waveform-view, compare-lanes, reaction-curve') || one.matches('.song-link')) continue;
          one.scrollIntoView({ block: 'center', inline: 'center' });
          const box = [...one.getClientRects()].find((each) => each.width > 1 && each.height > 1);
          if (!box) continue;
          const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          const hit = there && (one.contains(there) || there.contains(one) || there.closest('label')?.control === one || there.closest('.mention-list'));
          if (!hit) covered.push(`${one.tagName} "${(one.textContent || one.name).trim().slice(0, 30)}" lies under ${there?.tagName}.${there?.className}`);
      }
      scrollTo(0, 0);
      return covered;
  },

  tooWide: () => {
      const room = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= room) return [];
      const scrolls = (each) => each && (/auto|scroll/.test(getComputedStyle(each).overflowX) || scrolls(each.parentElement));
      const wide = [...document.querySelectorAll('body *')].filter((each) => each.checkVisibility() && !scrolls(each.parentElement) && each.getBoundingClientRect().right > room + 1);
      return [`the page is ${document.documentElement.scrollWidth - room} too wide`, ...wide.slice(0, 4).map((each) => `${each.tagName}.${each.className}`)];
  },

  /* Where motion is not wanted. */
  moves: () => {
      const seconds = (list) => Math.max(...list.split(',').map((each) => parseFloat(each) * (each.includes('ms') ? 0.001 : 1)));
      const moving = [];
      for (const each of document.querySelectorAll('*')) {
          for (const part of [null, '::before', '::after']) {
              const style = getComputedStyle(each, part);
              const animated = style.animationName !== 'none' && seconds(style.animationDuration) > 0.02;
              const endless = style.animationName !== 'none' && style.animationIterationCount.includes('infinite');
              const slow = seconds(style.transitionDuration) > 0.02;
              if (animated || endless || slow) moving.push(`${each.tagName}.${each.className}${part ?? ''}`);
          }
          if (getComputedStyle(each).scrollBehavior !== 'auto') moving.push(`${each.tagName} scrolls smoothly`);
      }
      return [...new Set(moving)];
  },
})
