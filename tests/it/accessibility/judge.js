// Judges the page that is shown, in one call of the driver. Its answer is the faults, or null
// where axe is not there yet: axe outlives the pages that are shown one after the other at one
// address.
const [width, scheme, done] = arguments;
const all = (css) => [...document.querySelectorAll(css)];

// The menu folds in one of the next frames after the window has become narrow. A header may
// take so much of a phone's 640 pixels.
const tallHeader = async () => {
  const header = document.querySelector('.site-header');
  const height = () => (header && window.innerWidth === 320 ? header.offsetHeight : 0);
  for (let frames = 60; height() > 120 && frames > 0; frames--) {
    await new Promise(requestAnimationFrame);
  }
  return height() > 120 ? ['the header takes ' + height() + ' px'] : [];
};

// Longer than anybody scrolls.
const tooLong = () => {
  const long = document.documentElement.scrollHeight;
  return long > 6000 ? ['the page is ' + long + ' px long'] : [];
};

// What reaches beyond the right edge, where the page scrolls sideways.
const tooWide = () => {
  if (window.innerWidth !== width) return ['shown at ' + window.innerWidth];
  if (!matchMedia('(prefers-color-scheme: ' + scheme + ')').matches) return ['not ' + scheme];
  if (document.documentElement.scrollWidth <= width) return [];
  return all('body *')
    .filter((one) => one.getBoundingClientRect().right > width)
    .map((one) => 'too wide: ' + one.outerHTML.slice(0, 200));
};

// axe with everything that it has for WCAG 2.2 AA, and its good practices. None of these rules
// reads style sheets, which axe would otherwise copy for each page.
const axeFinds = async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await axe.run(document, {
    resultTypes: ['violations'],
    runOnly: { type: 'tag', values: tags },
    preload: { assets: ['media'] },
  });
  const nodes = (violation) => violation.nodes.map((node) => node.html + ' ' + node.failureSummary);
  return found.violations.map((violation) => violation.id + ': ' + nodes(violation).join(' | '));
};

// What can be pressed and is smaller than 24 by 24 CSS pixels, but for links within a sentence
// (WCAG 2.2, 2.5.8).
const smallTargets = () =>
  all('a[href], button, input:not([type=hidden]), select, textarea, summary')
    .filter((one) => one.checkVisibility())
    .filter((one) => !one.closest('p, li:not(nav li, .card, .choices li), .skip-link'))
    .map((one) => [one.outerHTML, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([html, box]) => html + ' ' + box.width + ' x ' + box.height);

// More than one button that asks to be pressed first.
const rivals = () => {
  const first = all('main .button:not(.secondary):not(.warning)');
  const seen = first.filter((one) => one.checkVisibility());
  return seen.length > 1 ? ['rivals: ' + seen.map((one) => one.outerHTML).join(' ')] : [];
};

const judge = async () => {
  if (!document.title) return ['it has no title'];
  if (!document.querySelector('main')) return ['it has no main'];
  const faults = [...(await tallHeader()), ...tooLong()];
  // What is folded is hidden from axe.
  for (const menu of all('.menu')) menu.open = true;
  return [...faults, ...tooWide(), ...(await axeFinds()), ...smallTargets(), ...rivals()];
};

if (typeof axe === 'undefined') done(null);
else judge().then(done, (error) => done(['not judged: ' + error]));
