/** Saved views of a backend in memory, all of them one person's. */
import type { components } from '@abetworks/api-crm';
import { ADA } from './people.ts';

type Schemas = components['schemas'];
type View = Schemas['View'];

export class FakeViews {
  all: View[] = [];
  private made = 0;

  add(input: Schemas['ViewInput']): View {
    this.made += 1;
    const view: View = {
      id: `01980000-0000-7000-8000-${this.made.toString(16).padStart(12, '0')}`,
      version: 1,
      object: input.object ?? '',
      name: input.name ?? '',
      owner_id: ADA,
      visibility: input.visibility ?? 'private',
      team_ids: input.team_ids ?? [],
      filter: input.filter ?? null,
      columns: input.columns ?? [],
      sort: input.sort ?? null,
      is_default: false,
      is_pinned: false,
      editable: true,
      hidden: [],
    };
    this.all = [...this.all, view];
    return view;
  }

  put(view: View): View {
    this.all = this.all.map((one) => (one.id === view.id ? view : one));
    return view;
  }

  prefer(view: View, preference: Schemas['ViewPreference']): View {
    // Of one object one view is the default.
    if (preference.is_default) {
      this.all = this.all.map((one) =>
        one.object === view.object ? { ...one, is_default: false } : one,
      );
    }
    return this.put({ ...view, ...preference });
  }
}
