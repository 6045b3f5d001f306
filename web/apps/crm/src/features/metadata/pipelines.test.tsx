/** The steps of a sale, as they are set up. */
import { FakeBackend } from '@abetworks/testing';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

test('pipelines show their stages', async () => {
  renderApp(new FakeBackend({ signedIn: true }), '/settings/pipelines');
  const row = (await screen.findByText('Proposal')).closest('tr') as HTMLElement;
  expect(row).toHaveTextContent('Open');
  expect(row).toHaveTextContent('40 %');
});
