/** The page's start. */
import '@abetworks/ui/styles.css';
import { preferredLanguage } from '@abetworks/ui';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { startMessages } from './app/messages';
import { start } from './app/start';
import { takeInvitationToken } from './features/invitation/token';

const invitationToken = takeInvitationToken(window);
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element #root');

await startMessages(preferredLanguage());
const app = start({ baseUrl: window.location.origin, invitationToken });
createRoot(root).render(
  <StrictMode>
    <App {...app} />
  </StrictMode>,
);
