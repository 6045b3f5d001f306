/** Opens the command palette. Apart from it: what the palette is made of is loaded after the page. */
import { spotlight } from '@mantine/spotlight';

export function openPalette(): void {
  spotlight.open();
}
