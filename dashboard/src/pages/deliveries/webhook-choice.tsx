import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../api/client.js';
import { useIsOperator } from '../../session/session-context.js';
import { type ControlProps, Input, Select } from '../../ui/field.js';
import { useTyped } from './use-typed.js';

const MOST = 100;

interface WebhookChoiceProps {
  readonly control: ControlProps;
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** What stands for no webhook. */
  readonly none: string;
}

/** One of the user's webhooks by name; the operator, for whom there may be any number, gives an id. */
export function WebhookChoice(props: WebhookChoiceProps) {
  return useIsOperator() ? <WebhookId {...props} /> : <OwnWebhook {...props} />;
}

function OwnWebhook({ control, value, onChange, none }: WebhookChoiceProps) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['webhooks', 'choice'],
    queryFn: async () => ok(await api.GET('/v1/webhooks', { params: { query: { limit: MOST } } })).data,
  });
  const webhooks = query.data ?? [];
  const isKnown = value === '' || webhooks.some(({ id }) => id === value);
  return (
    <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{none}</option>
      {webhooks.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
      {!isKnown && <option value={value}>{query.isPending ? t('app.loading') : value}</option>}
    </Select>
  );
}

function WebhookId({ control, value, onChange, none }: WebhookChoiceProps) {
  const typed = useTyped(value, onChange);
  return <Input {...control} {...typed} placeholder={none} spellCheck={false} autoComplete="off" />;
}
