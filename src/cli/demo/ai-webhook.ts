/** The body of an event-driven webhook of the AI gateway: a video was generated for one of the product's users. */
export function aiWebhook(values: {
  readonly channelId: string;
  readonly callbackUrl: string;
  readonly userId: string;
}): string {
  return JSON.stringify({
    type: 'task.ai_generated',
    event: 'video.generated',
    channel_id: values.channelId,
    ai_response: {
      data: {
        title: 'A lighthouse at dawn',
        description: 'Twelve seconds of calm sea',
        video_id: values.channelId,
        user_id: values.userId,
        status: 'completed',
        url: `https://storage.example.com/videos/${values.channelId}.mp4`,
        duration_seconds: 12,
      },
    },
    callback_url: values.callbackUrl,
    callback_required: true,
    customer_data: { user_id: values.userId, category: 'demo' },
    meta: { model: 'video-1', provider: 'example' },
    timestamp: new Date().toISOString(),
  });
}
