/** A MapLibre map with our manners: our style (over a base map if one is set), our marks, both themes, no rotation. */
import './map.css';
import type {
  LayerSpecification,
  Map as GlMap,
  PaddingOptions,
  SourceSpecification,
  StyleSpecification
} from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import type { Bounds } from './geometry';
import { loadMapLibre } from './maplibre';
import { drawIcon } from './marks';
import { dark, type Palette } from './palette';
import { followPalette } from './theme';
import type { View } from './url-state';

export type LiveMapOptions = {
  container: HTMLElement;
  /** name of the map for those who cannot see it */
  label: string;
  /** address of a style drawn beneath, or null */
  basemap: string | null;
  sources: Record<string, SourceSpecification>;
  layers: (palette: Palette, overBasemap: boolean) => LayerSpecification[];
  bounds?: Bounds | null;
  view?: View | null;
  padding?: number | PaddingOptions;
  /** 'gentle' leaves the wheel and one finger to the page around the map */
  gestures?: 'full' | 'gentle';
};

/** Where the map looks while nothing says where: Indonesia. */
const COUNTRY: Bounds = [95, -11, 141, 6];
const PIXEL_RATIO = 2;

export class LiveMap {
  private palette: Palette | null = null;
  private endTheme: () => void = () => undefined;

  private constructor(
    readonly gl: GlMap,
    private readonly options: LiveMapOptions,
    private readonly overBasemap: boolean
  ) {}

  /** Loads MapLibre and the style; rejects where the browser has no WebGL 2. */
  static async create(options: LiveMapOptions): Promise<LiveMap> {
    const [maplibre, basemap] = await Promise.all([loadMapLibre(), findBasemap(options.basemap)]);
    let first: Palette | undefined;
    followPalette((palette) => (first = palette))();
    const style = compose(
      basemap,
      options.sources,
      options.layers(first ?? dark, basemap !== null)
    );
    const { view } = options;
    const gl = new maplibre.Map({
      container: options.container,
      style,
      ...(view
        ? { center: [view.lon, view.lat], zoom: view.zoom }
        : {
            bounds: options.bounds ?? COUNTRY,
            fitBoundsOptions: { padding: options.padding ?? 24, maxZoom: 17 }
          }),
      attributionControl: basemap === null ? false : { compact: false },
      scrollZoom: options.gestures !== 'gentle',
      dragPan: options.gestures !== 'gentle' || !matchMedia('(pointer: coarse)').matches,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      minZoom: 4,
      maxZoom: 20,
      renderWorldCopies: false,
      fadeDuration: 120,
      locale: { 'Map.Title': options.label }
    });
    gl.touchZoomRotate.disableRotation();
    gl.keyboard.disableRotation();
    const live = new LiveMap(gl, options, basemap !== null);
    gl.setMissingStyleImageResolver((name) => live.addIcon(name));
    await new Promise<void>((resolve) => void gl.once('load', () => resolve()));
    live.endTheme = followPalette((palette) => live.repaint(palette));
    return live;
  }

  setSource(id: string, content: FeatureCollection): void {
    const source = this.gl.getSource(id);
    if (source && 'setData' in source) {
      (source as unknown as { setData: (data: FeatureCollection) => unknown }).setData(content);
    }
  }

  destroy(): void {
    this.endTheme();
    this.gl.remove();
  }

  private addIcon(name: string): void {
    const picture = drawIcon(name, this.palette ?? dark, PIXEL_RATIO);
    if (picture && !this.gl.hasImage(name)) {
      this.gl.addImage(name, picture, { pixelRatio: PIXEL_RATIO });
    }
  }

  private repaint(palette: Palette): void {
    if (palette === this.palette) return;
    this.palette = palette;
    for (const layer of this.options.layers(palette, this.overBasemap)) {
      for (const [key, value] of Object.entries(layer.paint ?? {})) {
        this.gl.setPaintProperty(layer.id, key as never, value as never);
      }
    }
    for (const name of this.gl.listImages()) {
      const picture = drawIcon(name, palette, PIXEL_RATIO);
      if (picture) this.gl.updateImage(name, picture);
    }
  }
}

async function findBasemap(address: string | null): Promise<StyleSpecification | null> {
  if (!address) return null;
  try {
    const response = await fetch(address);
    return response.ok ? ((await response.json()) as StyleSpecification) : null;
  } catch {
    // Without the net the villages are the map.
    return null;
  }
}

/** Ours above theirs. Without `glyphs` MapLibre draws all text itself, in the fonts of the page. */
function compose(
  basemap: StyleSpecification | null,
  sources: Record<string, SourceSpecification>,
  layers: LayerSpecification[]
): StyleSpecification {
  if (!basemap) return { version: 8, sources, layers };
  const merged = {
    ...basemap,
    sources: { ...basemap.sources, ...sources },
    layers: [...basemap.layers, ...layers]
  };
  delete merged.glyphs;
  return merged;
}
