export default {
  success: 'Delivered',
  failed: 'Failed',
  retrying: 'Retrying',
  pending: 'Waiting',
} as const;
