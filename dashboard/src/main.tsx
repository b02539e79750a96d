import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './api/queries.js';
import { App } from './app/app.js';
import { nonce } from './app/nonce.js';
import { preload } from './app/pages.js';
import { startI18n } from './i18n/i18n.js';
import { followTokens } from './session/session.js';
import './theme/tokens.css';
import './theme/base.css';
import { followTheme } from './theme/theme.js';
import { Toasts } from './ui/toasts.js';

followTheme();
followTokens();
// Beside the session, which is waited for anyway.
void preload(location.pathname);
await startI18n();

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <CSPProvider nonce={nonce()}>
      <QueryClientProvider client={queries}>
        <App />
        <Toasts />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
