import { describeEveryPage } from './every-page.js';

// Each theme, language and width once; the journeys speak Chinese at 360 pixels.
describeEveryPage({ language: 'en', theme: 'light', width: 1280 });
describeEveryPage({ language: 'en', theme: 'dark', width: 360 });
