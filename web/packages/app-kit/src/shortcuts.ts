/**
 * The keys of the app, in one registry with one listener: what a page offers is registered while it
 * is shown, and the help lists the same. Keys that a control handles itself are not among them.
 */
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Shortcut {
  /** One key, or two that follow each other: `g a`. */
  keys: string;
  /** What it does, as the app's messages know it. */
  name: string;
  run: () => void;
}

/** The second key of two has to come so soon. */
const PAUSE_MS = 1500;

let registered: readonly Shortcut[] = [];
const watchers = new Set<() => void>();

function change(next: readonly Shortcut[]): void {
  registered = next;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Those of what is shown at the moment; of the same keys the last one counts. */
export function useRegisteredShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(watch, () => registered);
}

/** Without `run` the key does nothing. */
export function useShortcut(keys: string, name: string, run: (() => void) | undefined): void {
  const latest = useRef(run);
  latest.current = run;
  const isOffered = run !== undefined;
  useEffect(() => {
    if (!isOffered) return;
    const shortcut: Shortcut = { keys, name, run: () => latest.current?.() };
    change([...registered, shortcut]);
    return () => change(registered.filter((one) => one !== shortcut));
  }, [keys, name, isOffered]);
}

/** Several at once, as of a list that is only known when the app runs. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    change([...registered, ...shortcuts]);
    return () => change(registered.filter((one) => !shortcuts.includes(one)));
  }, [shortcuts]);
}

/** Somebody types, chooses, or has a dialog before them: the key is meant for that. */
function isTaken({ target }: KeyboardEvent): boolean {
  if (document.querySelector('[role=dialog]') !== null) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('[role=menu], [role=listbox]') !== null)
    return true;
  return ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Call once, in the frame of all pages. */
export function useShortcutListener(): void {
  useEffect(() => {
    let first: { key: string; at: number } | undefined;
    const listen = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, isComposing } = event;
      if (ctrlKey || metaKey || altKey || isComposing || event.defaultPrevented) return;
      if (isTaken(event)) return;
      const isSecond = first !== undefined && event.timeStamp - first.at < PAUSE_MS;
      const keys = isSecond ? `${first?.key} ${key}` : key;
      first = undefined;
      const found = registered.findLast((shortcut) => shortcut.keys === keys);
      if (found !== undefined) {
        event.preventDefault();
        found.run();
      } else if (registered.some((shortcut) => shortcut.keys.startsWith(`${key} `))) {
        first = { key, at: event.timeStamp };
      }
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

/** A letter for each, its first where that is free: the same whatever else may be seen. */
export function lettersOf(names: readonly string[], taken: readonly string[]): Map<string, string> {
  const used = new Set(taken);
  const letters = new Map<string, string>();
  for (const name of names) {
    const letter = [...name].find((one) => /[a-z]/.test(one) && !used.has(one));
    if (letter === undefined) continue;
    used.add(letter);
    letters.set(name, letter);
  }
  return letters;
}
