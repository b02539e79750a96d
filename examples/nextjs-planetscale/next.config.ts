import type { NextConfig } from 'next';

const config: NextConfig = {
  // An X-Powered-By header tells strangers what runs here.
  poweredByHeader: false,
};

export default config;
