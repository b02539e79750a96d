/** About 500 bytes, like a finished generation. */
export function payload(n: number): Record<string, unknown> {
  return {
    video_id: `video-${n}`,
    user_id: '8c5f0a52-7a5c-4d0c-9a53-0f0c5d9d1b7e',
    status: 'completed',
    url: `https://storage.example.com/videos/${n}.mp4`,
    duration_seconds: 12.5,
    prompt: 'A lighthouse in a storm, waves breaking over the rocks, seen from a small boat at dusk. '.repeat(3),
    model: { provider: 'example', name: 'video-large', tokens: { prompt: 120, completion: 0, total: 120 } },
  };
}
