/** MapLibre, loaded when the first map is shown; the only place that imports it as a value. */
export type MapLibre = typeof import('maplibre-gl');

let loading: Promise<MapLibre> | undefined;

export function loadMapLibre(): Promise<MapLibre> {
  loading ??= Promise.all([
    import('maplibre-gl'),
    import('maplibre-gl/dist/maplibre-gl-worker.mjs?url')
  ]).then(([maplibre, worker]) => {
    maplibre.setWorkerUrl(worker.default);
    return maplibre;
  });
  // A chunk that did not come over a weak line is asked for again next time.
  loading.catch(() => (loading = undefined));
  return loading;
}
