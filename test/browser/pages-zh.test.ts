import { describeEveryPage } from './every-page.js';

describeEveryPage({ language: 'zh-CN', theme: 'dark', width: 1280 });
