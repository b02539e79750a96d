import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { PAGE_SIZE } from '../../ui/pager.js';

export type Tenant = components['schemas']['User'];

/** A page of tenants, newest first, of those whose id holds `search`. */
export function useTenants(search: string, cursor: string | undefined) {
  const query = { limit: PAGE_SIZE, ...(search && { search }), ...(cursor && { cursor }) };
  return useQuery({
    queryKey: ['users', query],
    queryFn: async ({ signal }) => ok(await api.GET('/v1/users', { params: { query }, signal })),
    placeholderData: (before) => before,
  });
}

/** What a tenant is called: by the application's own id where there is one. */
export function nameOf({ external_user_id, user_id }: Pick<Tenant, 'external_user_id' | 'user_id'>): string {
  return external_user_id ?? user_id;
}
