/** A report in the making: its photos with their places, and its way to the server. Nothing leaves this page unasked. */
import { v7 } from 'uuid';
import { post, Problem } from '$lib/api/client';
import type { Report, ReportDraft } from '$lib/api/types';
import { stageOf } from '$lib/domain/status';
import { forgetPictures, keepPicture, keptPictures } from '$lib/drafts/pictures';
import { captureOf, isFresh, isOfNow, type Source } from './capture';
import { markOf } from './picture';
import { fixOf, stateOf, type Fix } from './position';
import { isPassing, sendAll, type Change, type Upload } from './queue';
import { sendPhoto } from './send-photo';

/** Where a photo was taken: still asked for, known, of another time (gallery), or not to be had. */
export type PhotoPlace = 'asking' | 'known' | 'older' | 'none';

/** A fix that comes later than this says where the person walked to. */
const PLACE_PATIENCE_MS = 20_000;

/** A photo as its draft keeps it; the picture itself is kept apart. */
export type KeptPhoto = {
  id: string;
  taken_at: number | null;
  place: PhotoPlace;
  fix: Fix | null;
  received_at: number | null;
  /** which file it was chosen from */
  mark: string;
};

export class ReportPhoto implements Upload {
  readonly id: string;
  readonly bytes: number;
  /** address of the picture in this page */
  readonly picture: string;
  readonly taken_at: number | null;
  readonly mark: string;
  state = $state<Upload['state']>('waiting');
  sent = $state(0);
  problem = $state.raw<Problem | null>(null);
  received_at = $state<number | null>(null);
  fix = $state.raw<Fix | null>(null);
  place = $state<PhotoPlace>('asking');
  /** whether this device keeps it, so that it is here again after a reload */
  keeping = $state<'asked' | 'kept' | 'refused'>('asked');

  constructor(
    readonly file: Blob,
    { id, taken_at, place, fix, received_at, mark }: KeptPhoto
  ) {
    this.id = id;
    this.bytes = file.size;
    this.picture = URL.createObjectURL(file);
    this.taken_at = taken_at;
    this.place = place;
    this.fix = fix;
    this.received_at = received_at;
    this.mark = mark;
    if (received_at !== null) this.state = 'received';
  }

  get kept(): KeptPhoto {
    const { id, taken_at, place, fix, received_at, mark } = this;
    return { id, taken_at, place, fix, received_at, mark };
  }
}

/** What is known of a picture that was just taken or chosen. */
function newPhoto(file: File, source: Source, now: number): ReportPhoto {
  const isNow = isOfNow(source, file.lastModified, now);
  const place = isNow ? 'asking' : 'older';
  const taken_at = isNow ? now : null;
  const mark = markOf(file);
  return new ReportPhoto(file, { id: v7(), taken_at, place, fix: null, received_at: null, mark });
}

export type Phase = 'editing' | 'sending' | 'unsent' | 'partly' | 'done';

export class FieldReport {
  percent = $state<number | null>(null);
  reported_on = $state('');
  note = $state('');
  photos = $state<ReportPhoto[]>([]);
  /** photos begun earlier that this device does not have any more */
  lost = $state(0);
  phase = $state<Phase>('editing');
  problem = $state.raw<unknown>(null);
  /** what this device says about its place */
  position = $state<'idle' | 'asking' | 'found' | 'denied' | 'nowhere'>('idle');
  fix = $state.raw<Fix | null>(null);
  private watch: number | undefined;
  /** what was sent once must stay as it is: the server may have it */
  body = $state.raw<ReportDraft | null>(null);

  constructor(
    private readonly project: string,
    /** kept for every try: sent twice, it is one report */
    readonly id: string
  ) {}

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
      this.photos.push(newPhoto(file, source, now));
      const photo = this.photos.at(-1);
      if (photo) void this.keep(photo);
      if (photo?.place !== 'asking') continue;
      this.locate(photo);
      setTimeout(() => {
        if (photo.place === 'asking') photo.place = 'none';
      }, PLACE_PATIENCE_MS);
    }
  }

  /** Whether this very file was chosen for it already. */
  has(file: File): boolean {
    const mark = markOf(file);
    return this.photos.some((photo) => photo.mark === mark);
  }

  private async keep(photo: ReportPhoto): Promise<void> {
    photo.keeping = (await keepPicture(photo.id, photo.file)) ? 'kept' : 'refused';
    // Sent or taken out meanwhile: nobody would ask for it again.
    const isWanted = this.photos.some((one) => one.id === photo.id) && this.phase !== 'done';
    if (!isWanted) await forgetPictures([photo.id]);
  }

  /** Keeps once more what another tab let go. */
  keepAll(): void {
    for (const photo of this.photos) void this.keep(photo);
  }

  /** Takes up a report that was begun earlier. */
  async restore(photos: readonly KeptPhoto[], body: ReportDraft | null): Promise<void> {
    const pictures = await keptPictures(photos.map((one) => one.id));
    const found = photos.flatMap((one, i) => {
      const picture = pictures[i];
      // Where it was taken is not asked again: the person may be elsewhere.
      const place = one.place === 'asking' ? 'none' : one.place;
      return picture ? [new ReportPhoto(picture, { ...one, place })] : [];
    });
    for (const photo of found) photo.keeping = 'kept';
    this.photos = [...found, ...this.photos];
    this.lost = photos.length - found.length;
    if (!body) return;
    this.body = body;
    this.phase = found.some((one) => one.state === 'received') ? 'partly' : 'unsent';
  }

  drop(id: string): void {
    void forgetPictures([id]);
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
    const isAllThere = this.lost === 0 && this.photos.every((one) => one.state === 'received');
    this.phase = isAllThere ? 'done' : 'partly';
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
