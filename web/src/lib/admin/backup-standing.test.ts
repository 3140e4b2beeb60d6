import { describe, expect, it } from 'vitest';
import type { Backup, Backups } from '$lib/api/types';
import { standing } from './backup-standing';

const whole: Backup = {
  id: 'a',
  target: '/srv/cadangan',
  began_at: '2026-11-29T18:00:00Z',
  ended_at: '2026-11-29T18:01:00Z',
  error: null,
  bytes: 1,
  sent_bytes: 1,
  photos: 1,
  lost_photos: 0
};
const backups: Backups = { next_at: null, last_whole: whole, age_s: 3600, last: whole };

describe('how the backups stand', () => {
  it('is well with a whole one of last night, also while another one is under way', () => {
    expect(standing(backups)).toBe('fresh');
    expect(standing({ ...backups, last: { ...whole, ended_at: null } })).toBe('fresh');
  });

  it('names what is wrong', () => {
    expect(standing({ ...backups, last_whole: null, age_s: null, last: null })).toBe('never');
    expect(standing({ ...backups, age_s: 36 * 3600 + 1 })).toBe('old');
    expect(standing({ ...backups, last: { ...whole, error: 'Disk penuh' } })).toBe('failed');
  });
});
