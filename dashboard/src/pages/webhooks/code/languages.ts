import { useQuery } from '@tanstack/react-query';

/** The languages that there is code in. `note` names what is said of how to run it. */
export const LANGUAGES = {
  client: {
    name: 'Node · TypeScript (@hookline/client)',
    note: 'client',
    load: () => import('../snippets/client.ts.txt?raw'),
  },
  node: { name: 'Node', note: 'server', load: () => import('../snippets/node.mjs.txt?raw') },
  python: { name: 'Python', note: 'server', load: () => import('../snippets/python.py.txt?raw') },
  go: { name: 'Go', note: 'server', load: () => import('../snippets/go.go.txt?raw') },
  php: { name: 'PHP', note: 'php', load: () => import('../snippets/php.php.txt?raw') },
  ruby: { name: 'Ruby (Rack)', note: 'rack', load: () => import('../snippets/ruby.ru.txt?raw') },
  java: { name: 'Java', note: 'server', load: () => import('../snippets/java.java.txt?raw') },
  shell: { name: 'Shell · openssl', note: 'shell', load: () => import('../snippets/shell.sh.txt?raw') },
} as const;
export type Language = keyof typeof LANGUAGES;

/** The code of a language, read when it is first shown. */
export function useSnippet(language: Language): string | undefined {
  return useQuery({
    queryKey: ['snippet', language],
    queryFn: async () => (await LANGUAGES[language].load()).default,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
}
