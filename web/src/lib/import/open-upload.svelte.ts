/** An upload as it stands open: looked at again while the server works on it, with what was chosen here and not sent yet. */
import { get, post, put, remove } from '$lib/api/client';
import { Listing } from '$lib/api/listing.svelte';
import type { Upload, UploadCell, UploadDouble } from '$lib/api/types';
import { areSame, copyOf, type Choices } from './choices';

const AGAIN_MS = 1_000;

export class OpenUpload {
  upload: Upload = $state.raw() as Upload;
  choices: Choices = $state.raw() as Choices;
  problem = $state.raw<unknown>(null);
  sending = $state(false);
  readonly refused: Listing<UploadCell>;
  readonly unknown: Listing<UploadCell>;
  readonly kept: Listing<UploadCell>;
  readonly doubles: Listing<UploadDouble>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private left = false;

  constructor(upload: Upload) {
    const path = `/uploads/${upload.id}`;
    this.refused = new Listing(`${path}/cells`);
    this.unknown = new Listing(`${path}/cells`);
    this.kept = new Listing(`${path}/cells`);
    this.doubles = new Listing(`${path}/doubles`, 20);
    this.choices = copyOf(upload.options);
    this.show(upload);
  }

  get isWorking(): boolean {
    return ['received', 'reading', 'storing'].includes(this.upload.state);
  }
  get isChanged(): boolean {
    return !areSame(this.choices, this.upload.options);
  }

  /** Reads the file again as it was chosen here. */
  async apply(): Promise<void> {
    const body = { revision: this.upload.revision, options: this.choices };
    await this.ask(() => put<Upload>(`/uploads/${this.upload.id}/options`, body));
  }

  /** Takes back what was chosen here and not sent. */
  reset(): void {
    this.choices = copyOf(this.upload.options);
  }

  async store(keepGood: boolean): Promise<void> {
    const body = { revision: this.upload.revision, keep_good: keepGood };
    await this.ask(() => post<Upload>(`/uploads/${this.upload.id}/store`, body));
  }

  async discard(): Promise<boolean> {
    this.problem = null;
    try {
      await remove(`/uploads/${this.upload.id}`);
      this.leave();
      return true;
    } catch (reason) {
      this.problem = reason;
      return false;
    }
  }

  leave(): void {
    this.left = true;
    clearTimeout(this.timer);
  }

  private async ask(act: () => Promise<Upload>): Promise<void> {
    this.sending = true;
    this.problem = null;
    try {
      this.show(await act());
      this.choices = copyOf(this.upload.options);
    } catch (reason) {
      this.problem = reason;
    }
    this.sending = false;
  }

  private show(upload: Upload): void {
    this.upload = upload;
    clearTimeout(this.timer);
    if (this.left) return;
    if (this.isWorking) {
      this.timer = setTimeout(() => void this.look(), AGAIN_MS);
      return;
    }
    void this.refused.load({ list: 'refused' });
    void this.unknown.load({ list: 'unknown' });
    void this.kept.load({ list: 'kept' });
    void this.doubles.load({});
  }

  private async look(): Promise<void> {
    try {
      const upload = await get<Upload>(`/uploads/${this.upload.id}`);
      this.problem = null;
      this.show(upload);
    } catch (reason) {
      this.problem = reason;
      if (!this.left) this.timer = setTimeout(() => void this.look(), 5 * AGAIN_MS);
    }
  }
}
