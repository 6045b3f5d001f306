/** Between instants and what a clock on the reader's wall shows, which is what an input takes. */
import { chosen } from './preferences';

/** `2026-11-23T10:00` */
export function toWallClock(instant: string): string {
  const time = new Date(instant);
  return new Date(time.getTime() + offsetAt(time)).toISOString().slice(0, 16);
}

/** The instant at which the clock shows this; `undefined` when it is no time at all. */
export function fromWallClock(shown: string): string | undefined {
  const asUtc = new Date(`${shown}Z`);
  if (Number.isNaN(asUtc.getTime())) return undefined;
  // The offset before and after a change of the clock differ: the second look settles it.
  const guess = new Date(asUtc.getTime() - offsetAt(asUtc));
  return new Date(asUtc.getTime() - offsetAt(guess)).toISOString();
}

/** How far the wall's clock is ahead of UTC, in milliseconds. */
function offsetAt(time: Date): number {
  const { timezone } = chosen();
  if (timezone === undefined) return -time.getTimezoneOffset() * 60_000;
  const name = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' })
    .formatToParts(time)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(name ?? '') ?? [];
  if (sign === undefined) return 0;
  const ahead = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? -ahead : ahead;
}
