/** The largest part of a dialog, in a file of its own so that it can be loaded by itself. */
export { Modal as default } from '@mantine/core';
