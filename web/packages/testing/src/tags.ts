/** The tags of a backend in memory. */
import type { components } from '@abetworks/api-crm';

type Schemas = components['schemas'];
type Tag = Schemas['Tag'];

export class FakeTags {
  all: Tag[] = [];
  private made = 0;

  add({ name = '', colour = 'gray' }: Schemas['TagInput']): Tag {
    this.made += 1;
    const id = `01970000-0000-7000-8000-${this.made.toString(16).padStart(12, '0')}`;
    const tag: Tag = { id, version: 1, name, colour };
    this.all = [...this.all, tag].toSorted((one, other) => one.name.localeCompare(other.name));
    return tag;
  }

  isTaken(name: string | undefined, but?: string): boolean {
    return this.all.some(
      (tag) => tag.id !== but && tag.name.toLowerCase() === name?.trim().toLowerCase(),
    );
  }

  change(before: Tag, input: Schemas['TagInput']): Tag {
    const after = { ...before, ...input, version: before.version + 1 };
    this.all = this.all.map((tag) => (tag.id === before.id ? after : tag));
    return after;
  }

  remove(id: string): void {
    this.all = this.all.filter((tag) => tag.id !== id);
  }
}
