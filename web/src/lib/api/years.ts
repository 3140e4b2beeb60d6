/** The years that works have; none where the server does not say: a filter then offers no year, all else works. */
import { get } from './client';

export function fetchYears(): Promise<number[]> {
  return get<{ items: number[] }>('/years').then(
    ({ items }) => items,
    () => []
  );
}
