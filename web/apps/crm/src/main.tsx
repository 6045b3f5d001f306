/** The page's start. */
import '@abetworks/ui/styles.css';
import { takeLinkToken } from '@abetworks/app-kit';
import { preferredLanguage } from '@abetworks/ui';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { LINK_PATHS } from './app/link-paths';
import { startMessages } from './app/messages';
import { start } from './app/start';

const linkToken = takeLinkToken(window, LINK_PATHS);
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element #root');

await startMessages(preferredLanguage());
const app = start({ baseUrl: window.location.origin, linkToken });
createRoot(root).render(
  <StrictMode>
    <App {...app} />
  </StrictMode>,
);
