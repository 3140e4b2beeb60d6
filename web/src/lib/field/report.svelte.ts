/** A report in the making: its photos with their places, and its way to the server. Nothing leaves this page unasked. */
import { v7 } from 'uuid';
import { post, Problem } from '$lib/api/client';
import type { Report, ReportDraft } from '$lib/api/types';
import { stageOf } from '$lib/domain/status';
import { captureOf, isFresh, isOfNow, type Source } from './capture';
import { fixOf, stateOf, type Fix } from './position';
import { isPassing, sendAll, type Change, type Upload } from './queue';
import { sendPhoto } from './send-photo';

/** Where a photo was taken: still asked for, known, of another time (gallery), or not to be had. */
export type PhotoPlace = 'asking' | 'known' | 'older' | 'none';

/** A fix that comes later than this says where the person walked to. */
const PLACE_PATIENCE_MS = 20_000;

export class ReportPhoto implements Upload {
  readonly id = v7();
  readonly bytes: number;
  /** address of the picture in this page */
  readonly picture: string;
  readonly taken_at: number | null;
  state = $state<Upload['state']>('waiting');
  sent = $state(0);
  problem = $state.raw<Problem | null>(null);
  received_at = $state<number | null>(null);
  fix = $state.raw<Fix | null>(null);
  place = $state<PhotoPlace>('asking');

  constructor(
    readonly file: File,
    source: Source,
    now: number
  ) {
    this.bytes = file.size;
    this.picture = URL.createObjectURL(file);
    const isNow = isOfNow(source, file.lastModified, now);
    this.taken_at = isNow ? now : null;
    if (!isNow) this.place = 'older';
  }
}

export type Phase = 'editing' | 'sending' | 'unsent' | 'partly' | 'done';

export class FieldReport {
  readonly id = v7();
  percent = $state<number | null>(null);
  reported_on = $state('');
  note = $state('');
  photos = $state<ReportPhoto[]>([]);
  phase = $state<Phase>('editing');
  problem = $state.raw<unknown>(null);
  /** what this device says about its place */
  position = $state<'idle' | 'asking' | 'found' | 'denied' | 'nowhere'>('idle');
  fix = $state.raw<Fix | null>(null);
  private watch: number | undefined;
  /** what was sent once must stay as it is: the server may have it */
  private body: ReportDraft | null = null;

  constructor(
    private readonly project: string,
    day: string
  ) {
    this.reported_on = day;
  }

  /** The report has left, or may have: it cannot be changed any more. */
  get isSealed(): boolean {
    return this.phase !== 'editing';
  }

  /** Warms the receiver up, so that a fix is there when the picture is. */
  follow(): void {
    if (this.watch !== undefined) return;
    if (!('geolocation' in navigator)) {
      this.position = 'denied';
      return;
    }
    this.position = 'asking';
    this.watch = navigator.geolocation.watchPosition(
      (position) => {
        this.fix = fixOf(position);
        this.position = 'found';
        for (const photo of this.photos) if (photo.place === 'asking') this.locate(photo);
      },
      (refusal) => {
        this.position = stateOf(refusal);
        if (this.position === 'denied') {
          for (const photo of this.photos) if (photo.place === 'asking') photo.place = 'none';
        }
      },
      { enableHighAccuracy: true, timeout: PLACE_PATIENCE_MS, maximumAge: 0 }
    );
  }

  leave(): void {
    if (this.watch !== undefined) navigator.geolocation.clearWatch(this.watch);
    this.watch = undefined;
    for (const photo of this.photos) URL.revokeObjectURL(photo.picture);
  }

  add(files: readonly File[], source: Source): void {
    const now = Date.now();
    this.follow();
    for (const file of files) {
      this.photos.push(new ReportPhoto(file, source, now));
      const photo = this.photos.at(-1);
      if (photo?.place !== 'asking') continue;
      this.locate(photo);
      setTimeout(() => {
        if (photo.place === 'asking') photo.place = 'none';
      }, PLACE_PATIENCE_MS);
    }
  }

  drop(id: string): void {
    const photo = this.photos.find((one) => one.id === id);
    if (photo) URL.revokeObjectURL(photo.picture);
    this.photos = this.photos.filter((one) => one.id !== id);
  }

  private locate(photo: ReportPhoto): void {
    if (this.fix && isFresh(this.fix, photo.taken_at ?? 0)) {
      photo.fix = this.fix;
      photo.place = 'known';
    } else if (this.position === 'denied') photo.place = 'none';
  }

  /** First the report, a few hundred bytes; then its photos, one by one. Called again it sends what is missing. */
  async send(): Promise<void> {
    this.phase = 'sending';
    this.problem = null;
    this.body ??= this.draft();
    try {
      await post<Report>(`/projects/${this.project}/reports`, this.body);
    } catch (reason) {
      this.problem = reason;
      // Refused with a reason: nothing is stored, and it can be changed. No answer: it may be there already.
      const isOpen = !(reason instanceof Problem) || isPassing(reason);
      if (!isOpen) this.body = null;
      this.phase = isOpen ? 'unsent' : 'editing';
      return;
    }
    await sendAll(
      this.photos,
      (id, onsent) => {
        const photo = this.photos.find((one) => one.id === id);
        return photo ? sendPhoto(id, photo.file, onsent) : Promise.resolve();
      },
      {
        change: this.change,
        now: () => Date.now(),
        pause: (ms) => new Promise((go) => setTimeout(go, ms))
      }
    );
    this.phase = this.photos.every((one) => one.state === 'received') ? 'done' : 'partly';
  }

  private readonly change: Change = (id, part) => {
    const photo = this.photos.find((one) => one.id === id);
    if (photo) Object.assign(photo, part);
  };

  private draft(): ReportDraft {
    const percent = this.percent ?? 0;
    return {
      id: this.id,
      percent,
      reported_on: this.reported_on,
      stage: stageOf(percent),
      note: this.note.trim() || null,
      photos: this.photos.map((photo, i) => ({
        id: photo.id,
        position: i + 1,
        bytes: photo.bytes,
        capture: captureOf(photo.fix, photo.taken_at)
      }))
    };
  }
}
