import { heading, paragraph, sentence } from './prose.js';
import type { Random } from './random.js';

/** What a workflow generates: the name of its event, and the data in the shape of its structured output. */
export interface Content {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One maker for each shape of data that a receiver meets: flat, nested, long, numeric, in many scripts, without a title, empty. */
export const CONTENTS: readonly [(random: Random) => Content, ...Array<(random: Random) => Content>] = [
  movie,
  article,
  video,
  product,
  translations,
  chatReply,
  images,
  transcript,
  extraction,
  nothing,
];

function movie(random: Random): Content {
  const data = {
    title: heading(random),
    year: random.whole(1920, 2026),
    director: random.pick(['Agnès Varda', 'Hayao Miyazaki', 'Christopher Nolan', 'Céline Sciamma']),
    rating: random.decimal(5, 10, 1),
    genres: random.some(['drama', 'science fiction', 'comedy', 'documentary', 'thriller'], 2),
  };
  return { event: 'movie.suggested', data };
}

function article(random: Random): Content {
  const sections = Array.from({ length: random.whole(2, 5) }, () => `## ${heading(random)}\n\n${paragraph(random, 4)}`);
  const body = `${paragraph(random, 2)}\n\n${sections.join('\n\n')}\n`;
  const data = {
    title: heading(random),
    body,
    word_count: body.split(/\s+/).length,
    tags: random.some(['travel', 'memory', 'sea', 'craft'], 3),
  };
  return { event: 'article.generated', data };
}

function video(random: Random): Content {
  const id = random.hex(16);
  const data = {
    title: heading(random),
    description: sentence(random),
    video_id: id,
    status: 'completed',
    url: `https://storage.example.com/videos/${id}.mp4?expires=1800000000&signature=${random.hex(20)}%3D`,
    duration_seconds: random.whole(4, 60),
    resolution: random.pick(['1280x720', '1920x1080', '1080x1920']),
  };
  return { event: 'video.generated', data };
}

function product(random: Random): Content {
  const variant = (size: string) => ({
    sku: `${random.hex(6).toUpperCase()}-${size}`,
    price: { amount: random.decimal(5, 500, 2), currency: random.pick(['EUR', 'USD', 'JPY']) },
    attributes: {
      size,
      weight: { value: random.decimal(0.1, 3, 3), unit: 'kg' },
      in_stock: random.pick([true, false]),
    },
  });
  const data = {
    title: `"${heading(random)}" – the mug`,
    description: paragraph(random, 2),
    variants: random.some(['S', 'M', 'L', 'XL'], 3).map(variant),
    seo: { slug: `mug-${random.hex(4)}`, meta: { keywords: ['mug', "it's 100 % stoneware", 'a\\b'], robots: null } },
  };
  return { event: 'product.described', data };
}

/** Scripts from right to left, astral and combining characters, joined emoji; and text that a careless query or page would trip over. */
function translations(random: Random): Content {
  const data = {
    title: random.pick([
      '夜明けの灯台',
      'Маяк на рассвете',
      'منارة عند الفجر',
      'Ο φάρος την αυγή',
      '여명의 등대',
      'प्रकाशस्तंभ',
    ]),
    description: 'e\u0301tude · 👩🏽‍🚀👨‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿 · 𝒳 · \u202eabc\u202c · zero\u200bwidth · tab\tand\r\nline',
    texts: {
      ja: '海は静かです。',
      ar: 'البحر هادئ.',
      he: 'הים רגוע.',
      th: 'ทะเลเงียบสงบ',
      emoji: '🌊🤫',
      de: 'Straße, Übergröße',
    },
    hostile: [
      "Robert'); DROP TABLE ai_content;--",
      '<script>alert(1)</script>',
      '${' + '7*7}',
      '%s %d %',
      '?',
      '{{7*7}}',
      '\\u0000',
    ],
  };
  return { event: 'translation.completed', data };
}

/** No title, no description, no body: the receiver's fallbacks. */
function chatReply(random: Random): Content {
  const data = {
    reply: paragraph(random, 3),
    sentiment: random.pick(['positive', 'negative', 'neutral', 'mixed']),
    topics: random.some(['help', 'billing', 'urgent', 'travel'], 2),
    action_items: [{ task: sentence(random), priority: random.pick(['high', 'medium', 'low']) }],
    confidence: random.decimal(0, 1, 2),
  };
  return { event: 'chat.replied', data };
}

/** A description that is null, and long lists of numbers. */
function images(random: Random): Content {
  const image = () => ({
    url: `https://storage.example.com/images/${random.hex(16)}.webp`,
    width: 1024,
    height: random.pick([576, 768, 1024]),
    seed: random.whole(0, 4_294_967_295),
  });
  const data = {
    title: heading(random),
    description: null,
    images: Array.from({ length: random.whole(1, 4) }, image),
    embedding: Array.from({ length: 768 }, () => random.decimal(-1, 1, 6)),
  };
  return { event: 'image.generated', data };
}

/** About 200 KB, and a body that is longer than the 64 KiB of a TEXT column of MySQL. */
function transcript(random: Random): Content {
  const segments = Array.from({ length: random.whole(900, 1_000) }, (_, index) => ({
    start: index * 4,
    end: index * 4 + 4,
    speaker: random.pick(['A', 'B']),
    text: sentence(random),
  }));
  const body = segments.map(({ speaker, text }) => `${speaker}: ${text}`).join('\n');
  const data = { title: `${heading(random)} (transcript)`, body, language: 'en', segments };
  return { event: 'audio.transcribed', data };
}

/** Numbers of every kind, an empty string, booleans and nulls. `10.00` and beyond 2^53 are for replayed files: JavaScript cannot write them. */
function extraction(random: Random): Content {
  const data = {
    title: `Invoice ${random.whole(10_000, 99_999)}`,
    description: '',
    total: random.decimal(-1_000, 10_000, 2),
    tiny: 1e-7,
    huge: 1.7976931348623157e308,
    largest_safe: Number.MAX_SAFE_INTEGER,
    zero: 0,
    paid: random.pick([true, false, null]),
    due: '2026-03-01',
    lines: Array.from({ length: random.whole(1, 6) }, (_, index) => ({ [String(index)]: random.decimal(0, 100, 4) })),
    nested: { a: { b: { c: { d: { e: { f: [[[[]]]] } } } } } },
    '': 'an empty name',
    constructor: 'a name that every object of JavaScript has',
  };
  return { event: 'document.extracted', data };
}

function nothing(): Content {
  return { event: 'prompt.finished', data: {} };
}
