import { describe, expect, it } from 'vitest';
import { formatAgo, formatClock, formatDay, formatMoment } from './dates';

const now = new Date('2026-11-24T10:00:00Z');

describe('dates', () => {
  it('writes days and moments with their zone', () => {
    expect(formatDay('2026-11-23', 'id')).toBe('23 Nov 2026');
    expect(formatClock('2026-11-23T09:42:00Z', 'id')).toBe('16.42 WIB');
    // Late in the evening in UTC is the next day in Java.
    expect(formatMoment('2026-11-23T20:00:00Z', 'id')).toBe('24 Nov 2026, 03.00 WIB');
    expect(formatDay('kapan', 'id')).toBe('kapan');
  });

  it('is relative up to a week', () => {
    expect(formatAgo('2026-11-21T10:00:00Z', now, 'id')).toBe('3 hari lalu');
    expect(formatAgo('2026-11-24T09:58:00Z', now, 'id')).toBe('2 menit lalu');
    expect(formatAgo('2026-11-10T10:00:00Z', now, 'id')).toBe('10 Nov 2026');
    expect(formatAgo('2026-11-21T10:00:00Z', now, 'en')).toBe('3 days ago');
  });
});
