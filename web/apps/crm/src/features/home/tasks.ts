/** One's open tasks by when they are due. Pure. */
import { toWallClock } from '@abetworks/ui';
import type { CrmRecord } from '@/features/records/description';

export interface DueTasks {
  overdue: CrmRecord[];
  today: CrmRecord[];
  upcoming: CrmRecord[];
}

/** Days are those of the reader's clock; what has no date comes last. */
export function byDue(tasks: readonly CrmRecord[], now: Date): DueTasks {
  const today = toWallClock(now.toISOString()).slice(0, 10);
  const due: DueTasks = { overdue: [], today: [], upcoming: [] };
  for (const task of tasks) {
    const at = typeof task.due_at === 'string' ? task.due_at : undefined;
    if (at === undefined) due.upcoming.push(task);
    else if (Date.parse(at) < now.getTime()) due.overdue.push(task);
    else if (toWallClock(at).slice(0, 10) === today) due.today.push(task);
    else due.upcoming.push(task);
  }
  return due;
}
