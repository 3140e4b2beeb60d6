/** The state of the map page, as its address holds it. Pure. */

export type View = { zoom: number; lat: number; lon: number };
export type Selected = { kind: 'project' | 'finding'; id: string };
export type MapState = {
  year: number | null;
  village: string | null;
  status: string | null;
  selected: Selected | null;
  view: View | null;
};

export type Filters = Pick<MapState, 'year' | 'village' | 'status'>;

export function readState(query: URLSearchParams): MapState {
  const project = query.get('project');
  const finding = query.get('finding');
  const year = Number(query.get('year'));
  return {
    year: Number.isInteger(year) && year > 1900 && year < 2200 ? year : null,
    village: query.get('village') || null,
    status: query.get('status') || null,
    selected: project
      ? { kind: 'project', id: project }
      : finding
        ? { kind: 'finding', id: finding }
        : null,
    view: readView(query.get('at'))
  };
}

/** The query with some of its state changed; what is not named stays, foreign parameters too. */
export function changed(query: URLSearchParams, change: Partial<MapState>): URLSearchParams {
  const next = new URLSearchParams(query);
  const put = (key: string, value: string | null) =>
    value === null ? next.delete(key) : next.set(key, value);
  if (change.year !== undefined) put('year', change.year === null ? null : String(change.year));
  if (change.village !== undefined) put('village', change.village);
  if (change.status !== undefined) put('status', change.status);
  if (change.view !== undefined) put('at', change.view && writeView(change.view));
  if (change.selected !== undefined) {
    put('project', change.selected?.kind === 'project' ? change.selected.id : null);
    put('finding', change.selected?.kind === 'finding' ? change.selected.id : null);
  }
  return next;
}

/** zoom_lat_lon, to about a metre */
export function writeView(view: View): string {
  return [view.zoom.toFixed(2), view.lat.toFixed(5), view.lon.toFixed(5)].join('_');
}

function readView(text: string | null): View | null {
  const parts = (text ?? '').split('_').map(Number);
  const [zoom = NaN, lat = NaN, lon = NaN] = parts;
  const good =
    parts.length === 3 && zoom >= 0 && zoom <= 22 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return good ? { zoom, lat, lon } : null;
}
