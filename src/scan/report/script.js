'use strict';
// The report: a list with filters, a map of footprints, and the finding that is picked. No server, no library.
(() => {
  const content = JSON.parse(document.getElementById('content').textContent);
  const { findings, words, language } = content;
  const locale = language === 'en' ? 'en-GB' : 'id-ID';
  const $ = (query) => document.querySelector(query);
  const make = (tag, attributes = {}, ...children) => {
    const svg = ['g', 'path', 'circle', 'rect'].includes(tag);
    const node = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };
  const number = (value, digits = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  const rupiah = (value) => `Rp${number(value)}`;
  const short = (value) => {
    if (value === null) return null;
    const [unit, name] = value >= 1e9 ? [1e9, language === 'en' ? ' billion' : ' miliar'] : [1e6, language === 'en' ? ' million' : ' juta'];
    return value >= 1e6 ? `Rp${number(value / unit, 2)}${name}` : rupiah(value);
  };
  const metres = (value) => (value < 1000 ? `${number(value)} m` : `${number(value / 1000, 1)} km`);
  const line = (parts) => parts.filter(Boolean).join(' · ');
  const fileName = (at) => (content.files[at] ?? '').split(/[\\/]/).pop();

  // Figures.
  $('h1').textContent = words.title;
  $('.lead').textContent = words.lead;
  const alerts = findings.filter((finding) => finding.is_alert);
  const sum = (of) => of.reduce((total, finding) => total + (finding.rupiah ?? 0), 0);
  for (const [value, name] of [
    [number(alerts.length), words.alerts],
    [number(findings.length - alerts.length), words.reviews],
    [short(sum(alerts)), words.at_stake],
    [number(content.records), words.records],
    [number(content.files.length), words.files],
    content.refused ? [number(content.refused), words.refused] : null,
    content.totals ? [number(content.totals), words.totals] : null
  ].filter(Boolean)) {
    $('.figures').append(make('li', {}, make('strong', {}, value), make('span', {}, name)));
  }

  // Filters.
  const chosen = { band: '', kind: '', village: '', year: '', file: '', text: '' };
  const selects = {};
  const values = (of) => [...new Set(findings.flatMap(of))].filter((one) => one !== null && one !== '').sort();
  const select = (name, all, options) => {
    if (options.length < 2) return;
    const node = make('select', { 'aria-label': all, onchange: (event) => { chosen[name] = event.target.value; restart(); } });
    selects[name] = node;
    node.append(make('option', { value: '' }, all), ...options.map(([value, label]) => make('option', { value }, label)));
    $('.filters').append(node);
  };
  $('.filters').append(
    make('input', { type: 'search', placeholder: words.search, 'aria-label': words.search, oninput: (event) => { chosen.text = event.target.value.toLowerCase(); restart(); } })
  );
  select('band', words.all_bands, [['alert', words.alert], ['review', words.review]]);
  const kindNames = new Map(findings.map((finding) => [finding.kind, finding.kind_name]));
  select('kind', words.all_kinds, [...kindNames]);
  select('village', words.all_villages, values((finding) => finding.members.map((one) => one.village)).map((one) => [one, one]));
  select('year', words.all_years, values((finding) => finding.members.map((one) => one.year)).map((one) => [String(one), String(one)]));
  select('file', words.all_files, values((finding) => finding.members.map((one) => one.file)).map((one) => [String(one), fileName(one)]));
  // What a flood sums up is listed where its village is asked for.
  const matches = (finding) =>
    (!finding.in_flood || chosen.village || chosen.text) &&
    (!chosen.band || finding.band === chosen.band) &&
    (!chosen.kind || finding.kind === chosen.kind) &&
    (!chosen.village || finding.members.some((one) => one.village === chosen.village)) &&
    (!chosen.year || finding.members.some((one) => String(one.year) === chosen.year)) &&
    (!chosen.file || finding.members.some((one) => String(one.file) === chosen.file)) &&
    (!chosen.text || finding.members.some((one) => one.title.toLowerCase().includes(chosen.text)));

  // The list.
  const STEP = 200;
  let shown = [];
  let picked = null;
  let most = STEP;
  function restart() {
    most = STEP;
    show();
  }
  function show() {
    shown = findings.filter(matches);
    const rows = shown.slice(0, most).map(row);
    $('.list').replaceChildren(...rows);
    const notes = [];
    if (shown.length === 0) notes.push(make('p', {}, findings.length ? words.none : words.nothing));
    if (shown.length > most) {
      const rest = shown.length - most;
      notes.push(make('button', { type: 'button', onclick: () => { most += STEP; show(); } }, `${words.more} (${number(rest)})`));
    }
    if (!chosen.village && content.floods.length) {
      const flood = (one) =>
        make('button', { type: 'button', onclick: () => openVillage(one.village) }, `${one.village}: + ${number(one.findings)} (${short(one.rupiah)})`);
      notes.push(make('p', {}, words.flood), ...content.floods.map(flood));
    }
    if (content.left_out) notes.push(make('p', {}, `${number(content.left_out)} ${words.left_out}`));
    $('.more').replaceChildren(...notes);
    draw();
  }
  function openVillage(village) {
    chosen.village = village;
    if (selects.village) selects.village.value = village;
    restart();
    $('.list').scrollIntoView({ block: 'start' });
  }
  function row(finding) {
    const where = [...new Set(finding.members.map((one) => one.village))].join(' – ');
    return make(
      'li',
      {},
      make(
        'button',
        { type: 'button', 'aria-current': finding === picked, onclick: () => open(finding) },
        make('span', { class: `mark ${finding.band}`, title: words[finding.band] }),
        make('span', { class: 'kind' }, finding.kind_name),
        make('span', { class: 'money' }, short(finding.rupiah) ?? ''),
        make('span', { class: 'title' }, finding.members[0].title),
        make('span', { class: 'facts' }, line([words[finding.band], apart(finding), where]))
      )
    );
  }
  const apart = (finding) =>
    finding.shared_m
      ? `${metres(finding.shared_m)} ${words.shared}`
      : finding.distance_m === null
        ? null
        : `${words.distance} ${metres(finding.distance_m)}`;

  // The finding that is picked.
  function pick(finding) {
    picked = finding;
    document.body.classList.add('picked');
    for (const button of document.querySelectorAll('.list button')) button.setAttribute('aria-current', 'false');
    const at = shown.indexOf(finding);
    $('.list').children[at]?.firstChild.setAttribute('aria-current', 'true');
    const { members } = finding;
    const facts = [
      [words.village, (one) => one.village],
      [words.year, (one) => one.year],
      [words.fund, (one) => one.funds],
      [words.budget, (one) => (one.rupiah === null ? '' : rupiah(one.rupiah))],
      [words.executor, (one) => one.executor],
      [words.id, (one) => one.id],
      [words.file, (one) => `${fileName(one.file)}, ${words.row} ${one.row}`]
    ];
    const letter = (i) => make('span', { class: i === 0 ? 'letter first' : 'letter' }, String.fromCharCode(65 + (i % 26)));
    const head = make('tr', {}, make('th'), ...members.map((one, i) => make('td', {}, letter(i), one.title)));
    const rows = facts
      .filter(([, of]) => members.some((one) => of(one)))
      .map(([name, of]) => {
        const cells = members.map((one) => of(one) ?? '');
        const differs = new Set(cells).size > 1;
        return make('tr', {}, make('th', { scope: 'row' }, name), ...cells.map((cell) => make('td', { class: differs ? 'other' : null }, String(cell || '–'))));
      });
    const most = Math.max(8, ...finding.evidence.map((one) => Math.abs(one.bits)));
    const evidence = finding.evidence.map((one) => {
      const share = (Math.abs(one.bits) / most) * 50;
      const bar = make('i', { class: one.bits < 0 ? 'against' : null });
      bar.style.width = `${share}%`;
      bar.style.left = one.bits < 0 ? `${50 - share}%` : '50%';
      return make('li', {}, make('span', {}, one.sentence), make('span', { class: 'bar', title: `${number(one.bits, 1)} bit` }, bar));
    });
    $('.detail').replaceChildren(
      make('button', { type: 'button', class: 'back', onclick: back }, words.back),
      make('h2', {}, finding.kind_name),
      make(
        'p',
        { class: `verdict ${finding.band}` },
        make('b', {}, words[finding.band]),
        ` · ${line([`${words.probability} ${Math.min(99, Math.max(1, Math.round(finding.probability * 100)))} %`, short(finding.rupiah), apart(finding), finding.cross_border ? words.cross_border : null])}`
      ),
      make('p', {}, finding.sentence),
      make('table', { class: 'members' }, make('thead', {}, head), make('tbody', {}, ...rows)),
      make('h3', {}, words.evidence),
      make('ul', { class: 'evidence' }, ...evidence),
      make('p', { class: 'scale-words' }, make('span', {}, words.different), make('span', {}, words.same)),
      make('p', { class: 'lead' }, words.note)
    );
    $('.detail').scrollTop = 0;
    look(finding.bounds);
  }
  // On a phone a finding covers the list: the way back is the button, Escape, or the browser's own.
  const isNarrow = () => window.innerWidth <= 820;
  let listAt = 0;
  function open(finding) {
    if (isNarrow() && !document.body.classList.contains('picked')) {
      listAt = window.scrollY;
      history.pushState('finding', '');
    }
    pick(finding);
    if (isNarrow()) window.scrollTo(0, 0);
  }
  function back() {
    if (history.state === 'finding') history.back();
    else close();
  }
  function close() {
    document.body.classList.remove('picked');
    window.scrollTo(0, listAt);
  }
  window.addEventListener('popstate', close);

  // The map: a plane around the middle of everything, true to scale there.
  const svg = $('svg');
  svg.setAttribute('aria-label', words.map);
  const everything = findings.reduce(
    (all, { bounds }) => (bounds ? (all ? [Math.min(all[0], bounds[0]), Math.min(all[1], bounds[1]), Math.max(all[2], bounds[2]), Math.max(all[3], bounds[3])] : bounds) : all),
    null
  );
  const middle = everything ? (everything[1] + everything[3]) / 2 : 0;
  const wide = 111320 * Math.cos((middle * Math.PI) / 180);
  const x = (lon) => (lon - (everything?.[0] ?? 0)) * wide;
  const y = (lat) => ((everything?.[3] ?? 0) - lat) * 110574;
  let view = { x: 0, y: 0, w: 1000, h: 600 };
  const scale = make('div', { class: 'scale', 'aria-hidden': true });
  $('.map').append(scale);
  function look(bounds) {
    if (!bounds) return draw();
    const { clientWidth: width, clientHeight: height } = svg;
    const [w, n, e, s] = [x(bounds[0]), y(bounds[3]), x(bounds[2]), y(bounds[1])];
    const span = Math.max((e - w) * 1.35, 120, (((s - n) * 1.35) / Math.max(height, 1)) * width);
    view = { w: span, h: (span * height) / Math.max(width, 1), x: 0, y: 0 };
    view.x = (w + e) / 2 - view.w / 2;
    view.y = (n + s) / 2 - view.h / 2;
    draw();
  }
  function path(geometry) {
    const chain = (ring) => ring.map(([lon, lat], i) => `${i ? 'L' : 'M'}${x(lon).toFixed(2)} ${y(lat).toFixed(2)}`).join('');
    if (geometry.type === 'LineString') return chain(geometry.coordinates);
    if (geometry.type === 'Polygon') return geometry.coordinates.map((ring) => `${chain(ring)}Z`).join('');
    if (geometry.type === 'MultiLineString') return geometry.coordinates.map(chain).join('');
    if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat().map((ring) => `${chain(ring)}Z`).join('');
    return '';
  }
  function draw() {
    const { clientWidth: width } = svg;
    if (!everything || !width) return;
    const pixel = view.w / width;
    svg.setAttribute('viewBox', `${view.x} ${view.y} ${view.w} ${view.h}`);
    const nodes = [];
    const round = { fill: 'none', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
    for (const finding of shown.slice(0, 2000)) {
      if (finding === picked || !finding.bounds) continue;
      const [w, s, e, n] = finding.bounds;
      nodes.push(
        make('circle', {
          cx: (x(w) + x(e)) / 2, cy: (y(n) + y(s)) / 2, r: 5 * pixel, fill: `var(--${finding.band})`, 'fill-opacity': 0.75,
          onclick: () => open(finding)
        })
      );
    }
    if (picked) {
      for (const one of picked.shared) nodes.push(make('path', { d: path(one), ...round, stroke: 'var(--band)', 'stroke-width': 18 * pixel }));
      picked.members.forEach((member, i) => {
        const colour = i === 0 ? 'var(--first)' : 'var(--second)';
        for (const part of member.parts) {
          const points = part.type === 'Point' ? [part.coordinates] : part.type === 'MultiPoint' ? part.coordinates : [];
          for (const [lon, lat] of points) {
            nodes.push(make('circle', { cx: x(lon), cy: y(lat), r: (i === 0 ? 9 : 5) * pixel, fill: colour, stroke: 'var(--surface)', 'stroke-width': 2 * pixel }));
          }
          if (points.length) continue;
          const area = part.type.endsWith('Polygon');
          nodes.push(
            make('path', {
              d: path(part), ...round, fill: area ? colour : 'none', 'fill-opacity': 0.18, stroke: colour,
              'stroke-width': (i === 0 ? 6 : 3) * pixel, 'stroke-dasharray': i === 0 ? null : `${9 * pixel} ${6 * pixel}`
            })
          );
        }
      });
    }
    svg.replaceChildren(...nodes);
    const long = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5].findLast((one) => one / pixel <= width / 5) ?? 1;
    scale.style.width = `${long / pixel}px`;
    scale.textContent = metres(long);
  }
  function zoom(factor, cx = view.x + view.w / 2, cy = view.y + view.h / 2) {
    const w = Math.min(Math.max(view.w * factor, 20), 5e6);
    const by = w / view.w;
    view = { w, h: view.h * by, x: cx - (cx - view.x) * by, y: cy - (cy - view.y) * by };
    draw();
  }
  const place = (event) => {
    const box = svg.getBoundingClientRect();
    return [view.x + ((event.clientX - box.left) / box.width) * view.w, view.y + ((event.clientY - box.top) / box.height) * view.h];
  };
  svg.addEventListener('wheel', (event) => { event.preventDefault(); zoom(event.deltaY > 0 ? 1.25 : 0.8, ...place(event)); }, { passive: false });
  let held = null;
  svg.addEventListener('pointerdown', (event) => { held = [event.clientX, event.clientY]; });
  window.addEventListener('pointermove', (event) => {
    if (!held) return;
    const pixel = view.w / svg.clientWidth;
    view.x -= (event.clientX - held[0]) * pixel;
    view.y -= (event.clientY - held[1]) * pixel;
    held = [event.clientX, event.clientY];
    draw();
  });
  window.addEventListener('pointerup', () => { held = null; });
  svg.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
    if (event.key === '+' || event.key === '-') return zoom(event.key === '-' ? 1.25 : 0.8);
    if (!step) return;
    event.preventDefault();
    view.x += step[0] * view.w;
    view.y += step[1] * view.h;
    draw();
  });
  for (const [sign, label, act] of [['+', words.zoom_in, () => zoom(0.6)], ['−', words.zoom_out, () => zoom(1.6)], ['◻', words.whole, () => look(everything)]]) {
    $('.tools').append(make('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, sign));
  }
  window.addEventListener('resize', draw);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') back(); });

  show();
  look(everything);
  if (findings.length && !isNarrow()) pick(findings[0]);
})();
