/** Where this device is, and how well it knows. */

export type Fix = {
  lon: number;
  lat: number;
  accuracy_m: number;
  heading_deg: number | null;
  /** milliseconds since 1970 */
  at: number;
};

export type Answer = { state: 'found'; fix: Fix } | { state: 'denied' | 'nowhere' };

const PATIENCE_MS = 20_000;

/** Asks once. `denied`: the person or the browser refuses (no https, too); `nowhere`: no fix in time. */
export function findPosition(): Promise<Answer> {
  return new Promise((answer) => {
    if (!('geolocation' in navigator)) return answer({ state: 'denied' });
    navigator.geolocation.getCurrentPosition(
      (position) => answer({ state: 'found', fix: fixOf(position) }),
      (refusal) => answer({ state: stateOf(refusal) }),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 }
    );
  });
}

export function fixOf({ coords, timestamp }: GeolocationPosition): Fix {
  const { heading } = coords;
  return {
    lon: coords.longitude,
    lat: coords.latitude,
    accuracy_m: coords.accuracy,
    heading_deg: heading === null || Number.isNaN(heading) ? null : heading,
    at: timestamp
  };
}

export function stateOf(refusal: GeolocationPositionError): 'denied' | 'nowhere' {
  return refusal.code === refusal.PERMISSION_DENIED ? 'denied' : 'nowhere';
}
