import '~/style.css';
import '~/view/leaving';

import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from '~/api/client';
import { App } from '~/app';
import { LanguageContext } from '~/view/language';
import { usePreference } from '~/view/preferences';

function InLanguage({ children }: { children: ReactNode }) {
  const [language] = usePreference('language');
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <InLanguage>
          <App />
        </InLanguage>
      </QueryClientProvider>
    </StrictMode>,
  );
}
