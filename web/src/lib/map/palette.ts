/** The colours of the map, one set for light and one for dark. Status and findings are Okabe–Ito. */
export type Palette = {
  sea: string;
  land: string;
  landDim: string;
  border: string;
  borderDim: string;
  villageName: string;
  villageNameDim: string;
  districtName: string;
  nameHalo: string;
  /** under marks and lines, so that they stand off whatever is below */
  casing: string;
  accent: string;
  cluster: string;
  clusterText: string;
  clusterRest: string;
  alert: string;
  review: string;
  /** shared metres, solid, so that it does not mix with what lies beneath */
  alertBand: string;
  reviewBand: string;
  /** the sign inside a filled mark */
  sign: string;
  quiet: string;
  running: string;
  done: string;
  halted: string;
  /** the works of a finding beside the first */
  second: string;
  third: string;
  fourth: string;
};

export const light: Palette = {
  sea: '#dfe8ea',
  land: '#fcfbf8',
  landDim: '#eef0ed',
  border: '#c3ccca',
  borderDim: '#d5dbd9',
  villageName: '#52605f',
  villageNameDim: '#8b9796',
  districtName: '#6d7b7a',
  nameHalo: '#fcfbf8',
  casing: '#ffffff',
  accent: '#0b6e6e',
  cluster: '#ffffff',
  clusterText: '#1d2b2b',
  clusterRest: '#a9b8b6',
  alert: '#d55e00',
  review: '#e69f00',
  alertBand: '#f0b891',
  reviewBand: '#f5d58f',
  sign: '#ffffff',
  quiet: '#66717a',
  running: '#0072b2',
  done: '#00835f',
  halted: '#23292e',
  second: '#a8487f',
  third: '#007a59',
  fourth: '#5a4fb8'
};

export const dark: Palette = {
  sea: '#0b1214',
  land: '#1b2628',
  landDim: '#131b1d',
  border: '#35474a',
  borderDim: '#243134',
  villageName: '#a9b8b7',
  villageNameDim: '#647574',
  districtName: '#8a9b9a',
  nameHalo: '#131b1d',
  casing: '#0b1214',
  accent: '#4fc3bd',
  cluster: '#233134',
  clusterText: '#e8efee',
  clusterRest: '#4c6063',
  alert: '#ff7d2e',
  review: '#f2b433',
  alertBand: '#7d3f17',
  reviewBand: '#6e5318',
  sign: '#0b1214',
  quiet: '#9aa8ad',
  running: '#56b4e9',
  done: '#2fc79b',
  halted: '#e4e9ea',
  second: '#e08fbd',
  third: '#2fc79b',
  fourth: '#aaa0f5'
};
